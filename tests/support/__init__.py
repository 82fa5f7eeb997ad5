"""Services and helpers that tests share: servers, a browser, readers of the source tree."""

"""The commands that a person types, and the runner behind them."""

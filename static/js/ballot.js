// The ballot, written for old phones too: the code behind the # goes into the form, never into an address; a step that
// is tapped sets the number. Without this script the code is typed, and a step counts where no number stands.
(function () {
  "use strict";
  var entry = document.querySelector("form[data-ballot-entry]");
  var sheet = document.querySelector("form[data-ballot]");

  function open() {
    var code = window.location.hash.slice(1);
    if (!code) return;
    // Out of the address and of what this browser remembers, before anything else.
    if (window.history && window.history.replaceState) window.history.replaceState(null, "", window.location.pathname);
    else window.location.hash = "";
    entry.elements.token.value = code;
    entry.submit();
  }
  if (entry) {
    open();
    window.addEventListener("hashchange", open);
  }

  if (sheet) {
    var number = sheet.elements.value;
    var steps = sheet.querySelectorAll("[name=step]");
    var show = function () {
      for (var place = 0; place < steps.length; place += 1) {
        steps[place].checked = Number(steps[place].value) === Number(number.value) && number.value.trim() !== "";
      }
    };
    for (var place = 0; place < steps.length; place += 1) {
      steps[place].addEventListener("change", function (event) {
        number.value = event.target.value;
        number.removeAttribute("aria-invalid");
      });
    }
    number.addEventListener("input", show);
    if (number.value) show();
  }

  var copy = document.querySelector("[data-copy]");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", function () {
      navigator.clipboard.writeText(document.getElementById(copy.getAttribute("data-copy")).textContent.trim()).then(function () {
        copy.textContent = copy.getAttribute("data-done");
      });
    });
  }
}());

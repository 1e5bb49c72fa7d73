// Runs at once, before the page is drawn: says that scripts work.
// Everything here only shortens the way; each page works without it.
'use strict'
document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) {
  document.body.classList.add('nhsuk-frontend-supported')
}

// The board updates by itself. It waits while you have stopped it, while the
// page is out of sight, and while you have something open in it.
;(function () {
  var stopped = false

  function button() {
    return document.getElementById('board-pause')
  }

  document.addEventListener('DOMContentLoaded', function () {
    var control = button()
    if (!control) return
    control.hidden = false
    control.addEventListener('click', function () {
      stopped = !stopped
      control.textContent = stopped ? 'Start updating' : 'Stop updating'
    })
  })

  document.addEventListener('htmx:beforeRequest', function (event) {
    if (event.target.id === 'board-rows' && (stopped || document.hidden)) event.preventDefault()
  })

  document.addEventListener('visibilitychange', function () {
    var rows = document.getElementById('board-rows')
    if (!document.hidden && rows && window.htmx) window.htmx.trigger(rows, 'seen')
  })
})()

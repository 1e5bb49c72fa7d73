// Saves each answer of a form as it is given. Without this the button of each page saves.
//
// What is typed and not yet on the server's disk is kept in this tab alone (sessionStorage) and
// taken out as soon as the server says that it is there. The page says in words what is not saved.
'use strict'
;(function () {
  var form = document.querySelector('form[data-autosave]')
  if (!form) return
  var url = form.dataset.autosave
  var key = 'almoner-form ' + form.dataset.key
  var EVERY = 1500 // at most so long after a letter is typed, in milliseconds
  var AGAIN = 5000 // how long to wait when the server cannot be reached
  var waiting = {} // by question: what is to be sent
  var timers = {}
  var sending = {}
  var last = {} // by question: what was queued last, so that leaving a field sends nothing twice
  var leaving = false
  var stopped = '' // why nothing is sent any more, in words
  var status = document.getElementById('save-status')
  var now = document.getElementById('save-now') // for the eye alone: spoken at each pause it would be a nuisance

  function group(link) {
    return form.querySelector('[data-question="' + link + '"]')
  }

  function linkOf(element) {
    var of = element.closest('[data-question]')
    return of && of.dataset.question
  }

  // ---- what is asked depends on the answers ----

  function chosen(link) {
    var of = group(link)
    if (!of) return null
    var values = []
    of.querySelectorAll('input, textarea, select').forEach(function (one) {
      if (one.name.indexOf('q-') !== 0) return
      if (one.type === 'radio' || one.type === 'checkbox') {
        if (one.checked) values.push(one.value)
      } else if (one.value.trim()) values.push(one.value.trim())
    })
    return values
  }

  function holds(condition) {
    var parts = /^([a-z0-9-]+)(!=|=|\?)(.*)$/.exec(condition)
    if (!parts) return true
    var values = chosen(parts[1])
    if (values === null) return true
    if (parts[2] === '?') return (values.length > 0) === (parts[3] === 'yes')
    var there = values.indexOf(parts[3]) >= 0
    return parts[2] === '=' ? there : values.length > 0 && !there
  }

  function showAsked() {
    form.querySelectorAll('[data-when]').forEach(function (one) {
      var conditions = one.dataset.when.split('|')
      one.hidden = one.dataset.all === 'yes' ? !conditions.every(holds) : !conditions.some(holds)
    })
  }

  // ---- characters: a new line is one, as on the server ----

  function count(area) {
    var told = document.getElementById(area.id + '-count')
    if (!told) return
    var left = Number(told.dataset.most) - Array.from(area.value).length
    var words = Math.abs(left) === 1 ? ' character' : ' characters'
    told.textContent = left >= 0 ? 'You have ' + left + words + ' left' : 'You have ' + -left + words + ' too many'
    told.classList.toggle('nhsuk-error-message', left < 0)
    told.classList.toggle('nhsuk-hint', left >= 0)
  }

  function grow(area) {
    area.style.height = 'auto'
    area.style.height = area.scrollHeight + 4 + 'px'
  }

  // ---- saying what is saved ----

  function plural(number) {
    return number === 1 ? '1 answer is' : number + ' answers are'
  }

  function tell() {
    var number = Object.keys(waiting).length + Object.keys(sending).length
    var text
    var pending = number > 0 && !stopped && !failed && navigator.onLine !== false
    now.hidden = !pending
    status.hidden = pending
    if (pending) return
    if (stopped) text = stopped
    else if (number === 0) text = 'All your answers are saved.'
    else text = 'Not saved yet: ' + plural(number) + ' kept in this window only. They are sent when the connection is back. Keep this window open.'
    if (status.textContent !== text) status.textContent = text
    status.classList.toggle('almoner-save--not', number > 0 || stopped !== '')
  }

  function note(link, text, wrong) {
    var told = document.getElementById('q-' + link + '-saved')
    if (!told) return
    told.textContent = text
    told.classList.toggle('nhsuk-error-message', !!wrong)
  }

  var failed = false

  // ---- sending ----

  function keep() {
    var all = {}
    Object.keys(sending).forEach(function (link) { all[link] = sending[link] })
    Object.keys(waiting).forEach(function (link) { all[link] = waiting[link] })
    try {
      if (Object.keys(all).length) sessionStorage.setItem(key, JSON.stringify(all))
      else sessionStorage.removeItem(key)
    } catch (error) { /* a browser that keeps nothing: it is in memory all the same */ }
  }

  function collect(link) {
    var pairs = []
    group(link).querySelectorAll('input, textarea, select').forEach(function (one) {
      if (one.name.indexOf('q-') !== 0) return
      if ((one.type === 'radio' || one.type === 'checkbox') && !one.checked) return
      pairs.push([one.name, one.value])
    })
    return pairs
  }

  function queue(link, soon) {
    var before = waiting[link]
    waiting[link] = {
      pairs: collect(link),
      number: before ? before.number : group(link).querySelector('[data-number]').value,
      page: before ? before.page : form.elements.page.value
    }
    last[link] = JSON.stringify(waiting[link].pairs)
    keep()
    note(link, 'Not saved yet')
    tell()
    if (soon) send(link)
    else if (!timers[link]) timers[link] = setTimeout(function () { send(link) }, EVERY)
  }

  function send(link) {
    clearTimeout(timers[link])
    delete timers[link]
    if (stopped || sending[link] || !waiting[link]) return
    var one = waiting[link]
    delete waiting[link]
    sending[link] = one
    var body = new URLSearchParams()
    body.append('csrf', form.elements.csrf.value)
    body.append('link', link)
    body.append('number', one.number)
    body.append('page', one.page)
    one.pairs.forEach(function (pair) { body.append(pair[0], pair[1]) })
    fetch(url, { method: 'POST', body: body, headers: { 'HX-Request': 'true' }, credentials: 'same-origin', keepalive: true })
      .then(function (answer) { return answered(link, one, answer) })
      .catch(function () { back(link, one) })
  }

  // Not sent: it waits again, unless something newer was typed meanwhile.
  function back(link, one) {
    delete sending[link]
    if (!waiting[link]) waiting[link] = one
    failed = true
    keep()
    tell()
    clearTimeout(timers[link])
    timers[link] = setTimeout(function () { send(link) }, AGAIN)
  }

  function answered(link, one, answer) {
    if (answer.status === 401) {
      delete sending[link]
      if (!waiting[link]) waiting[link] = one
      return signedOut(link)
    }
    var kind = answer.headers.get('content-type') || ''
    if (kind.indexOf('application/json') !== 0) {
      if (answer.status >= 500 || answer.status === 429) return back(link, one)
      delete sending[link]
      if (!waiting[link]) waiting[link] = one
      stopped = 'Not saved: this page no longer belongs to your sign-in. Load the page again; what you typed stays in this window.'
      keep()
      return tell()
    }
    return answer.json().then(function (said) { became(link, one, said) })
  }

  function signedOut(link) {
    keep()
    stopped = 'Not saved: you are signed out. '
    tell()
    var to = document.createElement('a')
    to.href = '/sign-in?next=' + encodeURIComponent(location.pathname + '#q-' + link)
    to.textContent = 'Sign in again to come back to this answer'
    // What was typed waits in this tab: there is nothing to warn of.
    to.addEventListener('click', function () { leaving = true })
    status.appendChild(to)
    status.appendChild(document.createTextNode('. What you typed stays in this window.'))
  }

  function became(link, one, said) {
    delete sending[link]
    failed = false
    if (said.state === 'saved') {
      var number = group(link).querySelector('[data-number]')
      number.value = said.number
      if (waiting[link]) waiting[link].number = said.number
      if (!waiting[link]) note(link, 'Saved at ' + said.at)
    } else if (said.state === 'changed') {
      conflict(link, said)
    } else {
      note(link, 'Not saved. ' + said.text, true)
      if (said.state === 'closed') stopped = 'Not saved: ' + said.text
    }
    keep()
    tell()
    if (waiting[link]) send(link)
  }

  // Somebody else changed the same answer: both are shown, and nothing is chosen for anybody.
  function conflict(link, said) {
    delete waiting[link]
    var told = document.getElementById('q-' + link + '-saved')
    told.textContent = 'Not saved. ' + said.who + ' changed this answer at ' + said.at + ' to: “' + said.theirs + '”. '
    told.classList.add('nhsuk-error-message')
    told.appendChild(choice('Keep theirs', function () {
      location.hash = 'q-' + link
      location.reload()
    }))
    told.appendChild(document.createTextNode(' '))
    told.appendChild(choice('Save mine instead', function () {
      group(link).querySelector('[data-number]').value = said.number
      told.classList.remove('nhsuk-error-message')
      queue(link, true)
    }))
  }

  function choice(words, act) {
    var button = document.createElement('button')
    button.type = 'button'
    button.className = 'nhsuk-button nhsuk-button--secondary nhsuk-button--small'
    button.textContent = words
    button.addEventListener('click', act)
    return button
  }

  // ---- events ----

  form.addEventListener('input', function (event) {
    var link = linkOf(event.target)
    if (event.target.tagName === 'TEXTAREA') { count(event.target); grow(event.target) }
    if (link && event.target.name.indexOf('q-') === 0) { showAsked(); queue(link, false) }
  })
  form.addEventListener('change', function (event) {
    var link = linkOf(event.target)
    if (!link || event.target.name.indexOf('q-') !== 0) return
    if (JSON.stringify(collect(link)) !== last[link]) queue(link, true)
    else if (waiting[link]) send(link)
  })
  function all() { Object.keys(waiting).forEach(send) }
  window.addEventListener('online', all)
  window.addEventListener('offline', tell)
  window.addEventListener('pagehide', all)
  document.addEventListener('visibilitychange', function () { if (document.hidden) all() })
  window.addEventListener('beforeunload', function (event) {
    if (!leaving && (Object.keys(waiting).length || Object.keys(sending).length)) event.preventDefault()
  })
  form.addEventListener('submit', function () {
    // The button sends every answer of the page; what waits goes with it.
    waiting = {}
    sending = {}
    Object.keys(timers).forEach(function (link) { clearTimeout(timers[link]) })
    try { sessionStorage.setItem(key + ' sent', '1') } catch (error) { /* as above */ }
  })
  var out = document.querySelector('form[action="/sign-out"]')
  if (out) out.addEventListener('submit', function () { try { sessionStorage.clear() } catch (error) { /* nothing is kept */ } })

  // ---- begin: what was typed before and never arrived is put back and sent ----

  var kept = null
  try {
    kept = JSON.parse(sessionStorage.getItem(key) || 'null')
    // After the button was used, the page that answers says what was saved and what was not.
    if (sessionStorage.getItem(key + ' sent')) {
      sessionStorage.removeItem(key + ' sent')
      sessionStorage.removeItem(key)
      kept = null
    }
  } catch (error) { kept = null }
  if (kept) {
    Object.keys(kept).forEach(function (link) {
      var of = group(link)
      if (!of) return
      of.querySelectorAll('input, textarea').forEach(function (one) {
        if (one.name.indexOf('q-') !== 0) return
        var sent = kept[link].pairs.filter(function (pair) { return pair[0] === one.name })
        if (one.type === 'radio' || one.type === 'checkbox') one.checked = sent.some(function (pair) { return pair[1] === one.value })
        else if (sent.length) one.value = sent[0][1]
      })
      waiting[link] = kept[link]
    })
  }
  form.querySelectorAll('textarea').forEach(function (area) { count(area); if (area.value) grow(area) })
  showAsked()
  tell()
  all()
})()

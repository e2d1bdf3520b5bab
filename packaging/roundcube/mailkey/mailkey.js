/**
 * mailkey: the field for the code on the sign-in form, and the notice after a sign-in with a recovery code
 *
 * @license MIT OR Apache-2.0
 */

// A keyboard of digits for the code of an app; the button below the field switches to letters for a recovery code.
// Without this file the field is a plain one that takes both.
function mailkey_code_field() {
  var field = $('#mailkey-code'),
    button = $('#mailkey-switch'),
    recovery = false;

  function show() {
    var label = rcmail.gettext(recovery ? 'recovery_code' : 'code', 'mailkey');

    field.attr('inputmode', recovery ? 'text' : 'numeric');
    $('label[for="mailkey-code"]').text(label);
    // Elastic shows the label inside the field
    if (field.attr('placeholder'))
      field.attr('placeholder', label);
    button.text(rcmail.gettext(recovery ? 'use_code' : 'use_recovery', 'mailkey'));
  }

  button.prop('hidden', false).on('click', function () {
    recovery = !recovery;
    show();
    field.val('').trigger('focus');
  });

  show();
}

function mailkey_notice(notice) {
  var content = $('<div>').append($('<p>').text(notice.text)),
    more = $('<p>').appendTo(content);

  if (notice.url)
    $('<a>').attr({ href: notice.url, target: '_blank', rel: 'noopener noreferrer' }).text(notice.label).appendTo(more);
  else
    more.text(notice.ask);

  // Enter closes it; the dialog itself would put the focus on the link
  rcmail.alert_dialog(content, null, { title: notice.title })
    .parent().find('.ui-dialog-buttonpane button').first().trigger('focus');
}

window.rcmail && rcmail.addEventListener('init', function () {
  if ($('#mailkey-code').length)
    mailkey_code_field();

  if (rcmail.env.mailkey_notice)
    mailkey_notice(rcmail.env.mailkey_notice);
});

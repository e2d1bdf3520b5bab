/**
 * mailkey: the field for the code on the sign-in form
 *
 * A keyboard of digits for the code of an app; the button below switches to letters for a recovery code. Without this
 * file the field is a plain one that takes both.
 *
 * @license MIT OR Apache-2.0
 */
window.rcmail && rcmail.addEventListener('init', function () {
  var field = $('#mailkey-code'),
    button = $('#mailkey-switch'),
    recovery = false;

  if (!field.length)
    return;

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
});

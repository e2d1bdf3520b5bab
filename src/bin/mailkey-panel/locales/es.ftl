# Acceso al correo: los textos del panel. Los mismos mensajes que en.ftl, el modelo.

## Around every page

product = Acceso al correo
skip = Ir al contenido
nav-label = Secciones
nav-overview = Resumen
nav-two-factor = Dos pasos
nav-app-passwords = Contraseñas de app
nav-password = Contraseña
nav-activity = Actividad
language = Idioma
support = Ayuda
sign-out = Cerrar sesión
cancel = Cancelar
copy = Copiar
copied = Copiado
copy-failed = Cópielo a mano
print = Imprimir
optional = opcional
never = Nunca
wrong-prefix = Error:{" "}
wrong-title = Algo requiere su atención:
password-show = Mostrar
password-hide = Ocultar
password-show-label = Mostrar la contraseña
password-hide-label = Ocultar la contraseña

ago-now = ahora mismo
ago-minutes = { $n ->
    [one] hace { $n } minuto
   *[other] hace { $n } minutos
}
ago-hours = { $n ->
    [one] hace { $n } hora
   *[other] hace { $n } horas
}

must-enrol-from = El inicio de sesión en dos pasos será obligatorio aquí a partir del { $time }. Actívelo antes.
must-enrol-link = Activarlo ahora
must-enrol-now = El inicio de sesión en dos pasos es obligatorio aquí. Actívelo para continuar; después podrá abrir todo lo demás.

## What was just done

notice-signed-out = Ha cerrado la sesión.
notice-two-factor-on = El inicio de sesión en dos pasos está activado.
notice-two-factor-off = El inicio de sesión en dos pasos está desactivado. Los códigos y los códigos de recuperación ya no valen.
notice-enrolment-cancelled = No se ha cambiado nada.
notice-authenticator-added = Se ha añadido el autenticador. Sus códigos valen desde ahora.
notice-authenticator-removed = Se ha quitado el autenticador. Sus códigos ya no valen.
notice-recovery-codes-replaced = Los nuevos códigos de recuperación ya valen. Los antiguos, no.
notice-app-password-created = La contraseña de aplicación está lista para usarse.
notice-app-password-revoked = Se ha revocado la contraseña de aplicación. Ya no abre nada.
notice-app-passwords-revoked = Se han revocado todas las contraseñas de aplicación. Ya no abren nada.
notice-password-changed = Se ha cambiado la contraseña. Sus contraseñas de aplicación siguen valiendo.
notice-password-changed-and-revoked = Se ha cambiado la contraseña y se han revocado todas las contraseñas de aplicación.
notice-session-ended = Se ha cerrado esa sesión.
notice-other-sessions-ended = Se han cerrado todas las demás sesiones.

## Signing in

sign-in-title = Iniciar sesión
sign-in-lead = Inicio de sesión en dos pasos y contraseñas de aplicación para su buzón
sign-in-name = Dirección de correo
sign-in-password = Contraseña
sign-in-code-hint = Si el inicio de sesión en dos pasos está activado: el código de su aplicación de autenticación o un código de recuperación.
sign-in = Iniciar sesión
sign-in-not-app-password = Use la contraseña de su buzón. Las contraseñas de aplicación solo sirven en las aplicaciones de correo.
second-step-title = Segundo paso
second-step-lead = La contraseña es correcta. Confirme que es usted: { $name }
second-step-continue = Iniciar sesión
second-step-back = Iniciar sesión con otra cuenta
code = Código
code-hint = Las { $digits } cifras que su aplicación de autenticación muestra ahora.
code-or-recovery-hint = Las { $digits } cifras que su aplicación de autenticación muestra ahora, o un código de recuperación.
recovery-code = Código de recuperación
recovery-code-use = Usar un código de recuperación
recovery-code-hint = Con sus guiones, por ejemplo ab2c-de3f-gh4j. Cada código sirve una sola vez.
account-password = Contraseña de su buzón
prove-title = Confirme que es usted
prove-code-lead = Han pasado unos minutos desde su último código. Antes de este cambio, introduzca otro.
prove-password-lead = Han pasado unos minutos desde que escribió su contraseña. Antes de este cambio, escríbala otra vez.
prove-continue = Continuar

problem-missing = Rellene todos los campos.
problem-sign-in = La dirección o la contraseña no son correctas, o el código no corresponde. Compruébelo y vuelva a intentarlo.
problem-wrong-password = La contraseña no es correcta. Vuelva a intentarlo.
problem-code-shape = Eso no es un código. Escriba las { $digits } cifras que su aplicación de autenticación muestra ahora.
problem-wrong-code = El código no es correcto. Espere al siguiente y compruebe que el reloj de su teléfono se ajusta solo.
problem-code-used = Cada código sirve una sola vez. Espere al siguiente.
problem-wrong-recovery-code = El código de recuperación no es correcto. Escríbalo con sus guiones y tómelo de su serie más reciente.
problem-recovery-code-used = Este código de recuperación ya se usó. Use otro.
problem-invitation-missing = Escriba la invitación. Si no tiene ninguna, pídasela a su administrador.
problem-invitation-shape = Eso no es una invitación. Tiene 16 letras y cifras, en cuatro grupos.
problem-invitation-wrong = La invitación no es correcta o ya no vale. Compruébela y use la más reciente; si no, pida otra a su administrador.
problem-invitation-expired = Esta invitación ha caducado. Pida una nueva a su administrador.
problem-app-password = Las contraseñas de aplicación solo sirven en las aplicaciones de correo. Inicie sesión con la contraseña de su buzón.
problem-disabled = Esta cuenta está deshabilitada. Diríjase a su administrador.
problem-password-expired = Su contraseña ha caducado. Cámbiela donde suele hacerlo y después inicie sesión aquí.
problem-throttled = Demasiados intentos fallidos. Espere unos minutos y vuelva a intentarlo.
problem-changed = La cuenta se modificó en el mismo momento. Vuelva a intentarlo.
problem-step-expired = El código no llegó a tiempo. Vuelva a iniciar sesión.
problem-session-ended = Su sesión ha terminado: no se usó durante demasiado tiempo, alcanzó su duración máxima o se cerró desde otro lugar. Vuelva a iniciar sesión.
problem-busy = Muchas personas están iniciando sesión en este momento. Vuelva a intentarlo enseguida.
problem-unavailable = En este momento no se pueden comprobar las contraseñas. Vuelva a intentarlo más tarde; si continúa, avise a su administrador.

## Overview

overview-title = Resumen
overview-manage = Gestionar
overview-turn-on = Activar el inicio de sesión en dos pasos
overview-authenticators = { $n ->
    [one] Un autenticador genera sus códigos.
   *[other] { $n } autenticadores generan sus códigos.
}
overview-app-passwords = { $n ->
    [0] Ninguna aplicación de correo tiene contraseña de aplicación.
    [one] Hay una contraseña de aplicación válida.
   *[other] Hay { $n } contraseñas de aplicación válidas.
}
overview-last = Inicios de sesión recientes
overview-all-activity = Toda la actividad y las sesiones

attention-title = Requiere su atención
attention-more = { $n ->
    [one] Uno más: ver toda la actividad
   *[other] { $n } más: ver toda la actividad
}
finding-not-you = Si no fue usted, alguien conoce su contraseña: cámbiela
finding-paused-codes = Demasiados códigos incorrectos: no se acepta ninguno hasta el { $time }
finding-paused-passwords = Demasiadas contraseñas incorrectas: desde allí no se comprueba ninguna hasta el { $time }
    .step = Ver qué ha ocurrido
finding-account-password-used = Una aplicación de correo sigue usando la contraseña del buzón y es rechazada
    .step = Crear una contraseña de aplicación para ella
finding-code-in-mail-app = En una aplicación de correo se escribieron la contraseña y el código; necesita una contraseña de aplicación
    .step = Crear una contraseña de aplicación para ella
finding-revoked-app-password-used = Un dispositivo sigue usando una contraseña de aplicación revocada
    .step = Si el dispositivo sigue siendo suyo, crear otra para él
finding-expired-app-password-used = Un dispositivo sigue usando una contraseña de aplicación caducada
    .step = Crear otra para él
finding-app-password-for-other-protocols = Una contraseña de aplicación se usa para algo para lo que no vale
    .step = Crear una que sirva para ello
finding-app-password-for-other-networks = Una contraseña de aplicación se usa fuera de sus redes
    .step = Crear una sin ese límite si el dispositivo se mueve
finding-wrong-app-password = Una aplicación de correo tiene una contraseña de aplicación que no es suya
    .step = Comparar su comienzo con sus contraseñas de aplicación
finding-app-password-outside-mail-apps = Se escribió una contraseña de aplicación en el correo web, donde vale la contraseña del buzón
    .step = Ver qué ha ocurrido
finding-code-missing = En el correo web se escribió su contraseña sin código
    .step = Escriba también el código.
finding-wrong-code = Su contraseña era correcta y el código era incorrecto
    .step = Compruebe que el reloj de su teléfono se ajusta solo.
finding-wrong-recovery-code = Su contraseña era correcta y el código de recuperación era incorrecto o ya se había usado
    .step = Crear códigos de recuperación nuevos
finding-wrong-password = Llegó una contraseña incorrecta de una dirección que usted ya ha usado
    .step = Si algún dispositivo suyo tiene una contraseña antigua, escriba en él la correcta.
finding-guesses = { $n ->
    [one] Llegaron contraseñas incorrectas de una dirección que nunca abrió su buzón: alguien está probando, o un dispositivo nuevo está mal configurado
   *[other] Llegaron contraseñas incorrectas de { $n } direcciones que nunca abrieron su buzón: alguien está probando
}
    .step = Ver qué ha ocurrido
finding-enrolment-pending = El inicio de sesión en dos pasos aún no está activado: espera el primer código
    .step = Continuar

## Two-factor sign-in

two-factor-title = Inicio de sesión en dos pasos
two-factor-is-on = El inicio de sesión en dos pasos está activado
two-factor-is-off = El inicio de sesión en dos pasos está desactivado
two-factor-lead = Con el inicio de sesión en dos pasos, una contraseña robada no abre nada por sí sola: el correo web y esta página piden además un código de su teléfono, y cada aplicación de correo recibe una contraseña propia.
two-factor-steps-title = Cómo funciona
two-factor-step-app = Necesita una aplicación de autenticación en su teléfono, como Aegis, FreeOTP, Google Authenticator, Microsoft Authenticator o 2FAS, o un gestor de contraseñas que genere códigos.
two-factor-step-scan = Con ella escanea un código QR y escribe el código que muestra.
two-factor-step-codes = Recibe diez códigos de recuperación para el día en que pierda el teléfono.
two-factor-step-apps = Las aplicaciones de correo que usan la contraseña de su buzón dejan de funcionar. Crea una contraseña de aplicación para cada una.
two-factor-begin = Activar
invitation = Invitación
invitation-lead = Aquí se activa con una invitación: un código que le da su administrador. Así nadie que solo tenga su contraseña puede activarlo en su lugar.
invitation-hint = 16 letras y cifras, por ejemplo K7M2-9XQD-0011-ABCD. No importan las mayúsculas, los espacios ni los guiones.
authenticators-title = Autenticadores
authenticator-name = Nombre del autenticador
authenticator-name-hint = Para distinguirlo de otros, por ejemplo «Mi teléfono».
authenticator-proposed = Teléfono
authenticator-since = Añadido el { $date }
authenticator-remove = Quitar
authenticator-add = Añadir otro autenticador
authenticator-add-lead = Por ejemplo, en un segundo teléfono o en un gestor de contraseñas. Valen los códigos de todos.
authenticator-begin = Mostrar el código QR
authenticator-remove-title = ¿Quitar este autenticador?
authenticator-remove-lead = Los códigos de { $name } dejan de valer de inmediato.
authenticator-remove-effect-others = Sus otros autenticadores y sus códigos de recuperación quedan como están.
authenticator-remove-effect-app = Después borre también la entrada en la aplicación: ya no sirve.
authenticator-remove-do = Quitar
enrolment-waits = Ha empezado a añadir un autenticador.
enrolment-go-on = Continuar
enrolment-again = Se empezó a añadir un autenticador y no se terminó. Empiece de nuevo: recibe otro código QR y el antiguo no vale.
recovery-codes-title = Códigos de recuperación
recovery-codes-left = { $n ->
    [0] No queda ningún código de recuperación. Cree otros nuevos.
    [one] Queda un código de recuperación.
   *[other] Quedan { $n } códigos de recuperación.
}
recovery-codes-lead = Cada uno abre su cuenta una vez en lugar de un código de la aplicación, cuando no tenga el teléfono a mano.
recovery-codes-new = Crear códigos de recuperación nuevos
recovery-codes-new-lead = Recibe diez códigos nuevos. Los antiguos dejan de valer de inmediato, y se cierran las sesiones del correo web y de otros navegadores.
recovery-codes-make = Crear códigos nuevos
recovery-codes-shown-lead = Guarde estos códigos donde los encuentre sin su teléfono: impresos o en un gestor de contraseñas. Cada uno sirve una sola vez.
recovery-codes-once = No se mostrarán otra vez. Póngalos a salvo antes de continuar.
recovery-codes-save = Guardar en un archivo
recovery-codes-print = Cada código sirve una sola vez. Escríbalo con sus guiones donde se pida el código.
recovery-codes-done = Los he guardado
enrol-title-first = Activar el inicio de sesión en dos pasos
enrol-title-further = Añadir un autenticador
enrol-lead = Dos pasos unen { $name } con su buzón.
enrol-scan-title = 1. Escanee el código QR
enrol-scan = Abra la aplicación de autenticación, elija añadir una cuenta y apunte aquí con la cámara.
enrol-qr-label = Código QR para la aplicación de autenticación
enrol-open-app = ¿Lee esto en el teléfono que tiene la aplicación? Ábrala desde aquí.
enrol-by-hand = Escribir el secreto a mano
enrol-by-hand-lead = Si no puede usar la cámara, elija en la aplicación introducir una clave.
enrol-secret = Secreto
enrol-form = Tipo
enrol-form-is = Basado en la hora, { $digits } cifras, { $period } segundos, { $algorithm }
enrol-confirm-title = 2. Escriba el código
enrol-code-hint = Las { $digits } cifras que la aplicación muestra ahora para esta entrada.
enrol-confirm-first = Activar
enrol-confirm-further = Añadir
two-factor-off-title = Desactivar el inicio de sesión en dos pasos
two-factor-off-teaser = La contraseña de su buzón volverá a abrirlo todo por sí sola.
two-factor-off-link = Desactivar…
two-factor-off-lead = Cuando el inicio de sesión en dos pasos está desactivado:
two-factor-off-effect-password = La contraseña de su buzón abre por sí sola el correo web, esta página y las aplicaciones de correo.
two-factor-off-effect-codes = Sus autenticadores y códigos de recuperación dejan de valer de inmediato.
two-factor-off-effect-apps = Las contraseñas de aplicación siguen valiendo. Se cierran las sesiones del correo web y de otros navegadores.
two-factor-off-effect-again = Para activarlo otra vez escaneará un código QR nuevo; el antiguo no volverá a valer nunca.
two-factor-off-effect-invitation = Solo podrá activarlo otra vez con una nueva invitación de su administrador.
two-factor-off-do = Desactivar
two-factor-off-keep = Dejarlo activado

## App passwords

app-passwords-title = Contraseñas de aplicación
app-passwords-lead = Una aplicación de correo recibe una contraseña propia. Si pierde un dispositivo, revoca su contraseña y todo lo demás sigue funcionando.
app-passwords-lead-off = Una aplicación de correo puede tener una contraseña propia. Si pierde un dispositivo, revoca su contraseña y todo lo demás sigue funcionando. Con el inicio de sesión en dos pasos, cada aplicación de correo necesita una.
app-passwords-none = Todavía no hay ninguna.
app-passwords-ended = { $n ->
    [one] Una revocada o caducada
   *[other] { $n } revocadas o caducadas
}
app-password-new = Nueva contraseña de aplicación
app-password-id = Empieza por
app-password-for = Sirve para
app-password-for-hint = Para una aplicación de correo normal, déjelo como está.
app-password-created = Creada
app-password-used = Último uso
app-password-from = Solo desde
app-password-revoked = Revocada
app-password-expires = Válida hasta
app-password-expired = Caducó
app-password-name = Nombre
app-password-name-hint = La aplicación y el dispositivo, por ejemplo «Thunderbird en mi portátil».
app-password-limits = Límites: validez y redes
app-password-expiry = Válida
app-password-networks = Solo desde estas redes
app-password-networks-hint = Direcciones o redes separadas por comas, por ejemplo 192.0.2.7, 2001:db8::/32. Déjelo vacío si el dispositivo se mueve.
app-password-make = Crear contraseña de aplicación
protocol-imap = IMAP
protocol-pop3 = POP3
protocol-smtp = SMTP
protocol-sieve = Sieve
protocol-imap-for = Leer el correo (IMAP)
protocol-pop3-for = Descargar el correo (POP3)
protocol-smtp-for = Enviar correo (SMTP)
protocol-sieve-for = Filtros (Sieve)
expires-never = hasta que se revoque
expires-30d = durante 30 días
expires-90d = durante 90 días
expires-1y = durante un año
expires-date = hasta un día, incluido:
expires-date-label = Último día
problem-name-empty = Póngale un nombre para distinguirla de otras.
problem-name-long = El nombre es demasiado largo. Use como máximo { $max } caracteres.
problem-name-unprintable = El nombre contiene un carácter que no se puede mostrar. Use letras, cifras, símbolos y espacios.
problem-no-protocol = Elija al menos un uso; si no, no abre nada.
problem-no-date = Elija el último día en que debe funcionar.
problem-expiry-past = Ese día ya pasó. Elija uno posterior.
problem-network = «{ $network }» no es una dirección ni una red. Escríbalo como 192.0.2.7 o 192.0.2.0/24.
problem-too-many = Tiene { $most } contraseñas de aplicación y no se permiten más. Revoque una que ya no use.
new-app-password-title = Nueva contraseña de aplicación
new-app-password-lead = Cree una para cada aplicación de cada dispositivo.
created-title = Su nueva contraseña de aplicación
created-lead = Escríbala ahora en { $name }, en lugar de la contraseña de su buzón.
created-secret = Contraseña de aplicación
created-once = Solo se muestra ahora. No hace falta recordarla: para otro dispositivo, cree otra.
created-qr = Mostrarla como código QR
created-qr-lead = Léala con la cámara de su teléfono y cópiela desde allí en la aplicación de correo.
created-qr-label = Código QR de la contraseña de aplicación
created-settings = Ajustes de la aplicación de correo
created-settings-lead = Muchas aplicaciones los encuentran solas. Si la suya pregunta, estos son los correctos:
created-no-servers = Su administrador puede decirle los nombres de los servidores.
created-profile-title = iPhone, iPad y Mac
created-profile-lead = Abra este archivo en el dispositivo: configura la aplicación Mail de Apple con todo lo necesario.
created-profile = Perfil de configuración
created-profile-warning = La contraseña de aplicación está en el archivo. Bórrelo cuando esté instalado.
created-profile-without = Perfil sin la contraseña de aplicación
created-expires = Funciona hasta el { $date } incluido.
created-done = Listo
settings-user = Nombre de usuario
settings-password = Contraseña
settings-password-is = la contraseña de aplicación de arriba
settings-imap = Correo entrante: IMAP
settings-pop3 = Correo entrante: POP3
settings-smtp = Correo saliente: SMTP
settings-sieve = Filtros: ManageSieve
settings-host = Servidor
settings-port = Puerto
settings-security = Cifrado
settings-tls = SSL/TLS
settings-starttls = STARTTLS
revoke = Revocar
revoke-title = ¿Revocar «{ $name }»?
revoke-lead = { $name } deja de funcionar de inmediato: ya no puede recibir ni enviar correo.
revoke-used = Último uso: { $time }.
revoke-again = No se puede deshacer. Para la misma aplicación puede crear otra contraseña de aplicación en cualquier momento.
revoke-do = Revocar
revoke-keep = Conservar
revoke-all-link = Revocar todas
revoke-all-title = { $n ->
    [one] ¿Revocar la contraseña de aplicación?
   *[other] ¿Revocar las { $n } contraseñas de aplicación?
}
revoke-all-lead = Todas las aplicaciones de correo de todos sus dispositivos dejan de funcionar de inmediato, hasta que dé a cada una otra contraseña de aplicación.
revoke-all-do = Revocar todas

## Password

password-title = Contraseña
password-lead = Es la contraseña de su buzón: para el correo web y para esta página.
password-elsewhere = La contraseña de su buzón la gestiona otro sistema y no se puede cambiar aquí. Cámbiela donde cambia la contraseña de su ordenador o de su organización, o pregunte a su administrador.
password-current = Contraseña actual
password-new = Contraseña nueva
password-new-hint = { $min ->
    [one] Al menos { $min } carácter. Mejor larga que complicada.
   *[other] Al menos { $min } caracteres. Mejor larga que complicada.
}
password-again = Contraseña nueva, otra vez
password-effects-title = Qué ocurre entonces
password-effect-sessions = Se cierran las sesiones del correo web y de todos los demás navegadores.
password-effect-app-passwords = { $n ->
    [one] Su contraseña de aplicación sigue valiendo, salvo que elija otra cosa.
   *[other] Sus { $n } contraseñas de aplicación siguen valiendo, salvo que elija otra cosa.
}
password-revoke = Revocar también todas las contraseñas de aplicación
password-revoke-hint = Hágalo si otra persona puede conocer su contraseña o tuvo un dispositivo suyo.
password-change = Cambiar contraseña
problem-again = Las dos contraseñas nuevas no son iguales. Escriba dos veces la misma.
problem-too-short = { $min ->
    [one] La contraseña nueva es demasiado corta. Use al menos { $min } carácter.
   *[other] La contraseña nueva es demasiado corta. Use al menos { $min } caracteres.
}
problem-too-long = La contraseña nueva es demasiado larga. Use como máximo { $max } bytes.
problem-control = La contraseña nueva contiene un carácter de control. Use letras, cifras, símbolos y espacios.
problem-looks-like = La contraseña nueva parece una contraseña de aplicación o un código de recuperación y se tomaría por tal. Elija otra.
problem-is-name = La contraseña nueva es el nombre de la cuenta. Elija otra.
problem-unchanged = La contraseña nueva es la antigua. Elija otra.

## Activity and sessions

activity-title = Actividad
activity-list = Qué ha ocurrido
activity-none = Todavía nada.
activity-lead = Si algo de esto no lo hizo usted: cambie su contraseña, revoque las contraseñas de aplicación que no conozca y cree códigos de recuperación nuevos.
activity-count = { $n ->
    [one] una vez desde { $since }
   *[other] { $n } veces desde { $since }
}
activity-about = { $event } – { $app }
activity-by-administrator = por un administrador
activity-unknown = Otro suceso: { $name }
app-password-by-name = «{ $name }», { $id }
app-password-by-id = contraseña de aplicación { $id }
sessions-title = Sesiones abiertas
sessions-lead = Las aplicaciones de correo no están aquí: cada una tiene una contraseña de aplicación.
sessions-end-others-lead = Cierra las sesiones del correo web y de todos los demás navegadores. Las aplicaciones de correo siguen funcionando.
sessions-end-others = Cerrar las demás sesiones
session-this = Este navegador
session-panel = Esta página: ajustes de la cuenta
session-webmail = Correo web
session-unknown-browser = Navegador desconocido
session-opened = Inicio: { $time }
session-used = Último uso: { $time }
method-password = con la contraseña
method-totp = con contraseña y código
method-recovery-code = con contraseña y código de recuperación
accepted-app-password = Sesión de aplicación de correo – { $app }
accepted-app-password-unnamed = Sesión de aplicación de correo con una contraseña de aplicación
accepted-client = Sesión de aplicación de correo con la contraseña del buzón
accepted-session = Correo web en uso
accepted-webmail = Inicio de sesión en el correo web
accepted-webmail-recovery-code = Inicio de sesión en el correo web con un código de recuperación
accepted-panel = Inicio de sesión en esta página
signed-out-webmail = Sesión cerrada en el correo web
signed-out-panel = Sesión cerrada en esta página

event-account-created = Cuenta creada
event-account-disabled = Cuenta deshabilitada
event-account-enabled = Cuenta habilitada
event-account-renamed = Cuenta renombrada
event-app-password-created = Contraseña de aplicación creada
event-app-password-revoked = Contraseña de aplicación revocada
event-authenticator-added = Autenticador añadido
event-authenticator-removed = Autenticador quitado
event-code-verified = Código mostrado de nuevo antes de un cambio
event-enrolment-begun = Código QR de un autenticador mostrado
event-invitation-created = Invitación a activar el inicio de sesión en dos pasos
event-invitation-refused = Rechazado: la invitación no era correcta o había caducado
event-invitation-revoked = Invitación revocada
event-password-changed = Contraseña cambiada
event-recovery-codes-replaced = Códigos de recuperación nuevos creados
event-requirement-cleared = Ya no hay regla propia sobre el inicio de sesión en dos pasos
event-session-closed = Sesión cerrada
event-session-revoked = Sesión cerrada desde otro lugar
event-two-factor-exempted = Inicio de sesión en dos pasos no exigido
event-two-factor-off = Inicio de sesión en dos pasos desactivado
event-two-factor-on = Inicio de sesión en dos pasos activado
event-two-factor-required = Inicio de sesión en dos pasos exigido
event-two-factor-reset = Inicio de sesión en dos pasos restablecido tras una pérdida

reason-account-changed = Rechazado: la cuenta se modificó en el mismo momento
    .step = Vuelva a iniciar sesión.
reason-account-disabled = Rechazado: la cuenta está deshabilitada
    .step = Diríjase a su administrador.
reason-app-password-expired = Rechazado: la contraseña de aplicación ha caducado
    .step = Cree otra para esta aplicación.
reason-app-password-not-allowed-here = Rechazado: se escribió una contraseña de aplicación donde solo vale la contraseña del buzón
    .step = Use las contraseñas de aplicación solo en aplicaciones de correo.
reason-app-password-required = Rechazado: una aplicación de correo usó la contraseña del buzón
    .step = Cree una contraseña de aplicación y escríbala en esa aplicación.
reason-app-password-revoked = Rechazado: una contraseña de aplicación revocada sigue en uso
    .step = Cree otra si el dispositivo sigue siendo suyo. Si lo perdió, no hay nada que hacer: se queda fuera.
reason-code-required = Contraseña correcta, código no mostrado
    .step = Todo inicio de sesión en esta página empieza así. Si no fue usted, alguien conoce su contraseña: cámbiela.
reason-code-used = Rechazado: el código ya se había usado
    .step = Espere al siguiente código.
reason-credential-too-long = Rechazado: la contraseña era más larga de lo que puede ser
reason-empty-credential = Rechazado: no se envió ninguna contraseña
    .step = Escriba otra vez la contraseña en la aplicación.
reason-enrolment-required = Rechazado: primero hay que activar el inicio de sesión en dos pasos
    .step = Actívelo aquí.
reason-invalid-name = Rechazado: el nombre de usuario no tiene la forma del de una cuenta
    .step = Compruebe los espacios y el dominio.
reason-network-not-allowed = Rechazado: la contraseña de aplicación está limitada a otras redes
    .step = Cree una sin ese límite si el dispositivo se mueve.
reason-not-authenticated = Rechazado: el inicio de sesión no se completó
    .step = Si se repite, avise a su administrador.
reason-password-refused = No se aceptó la contraseña nueva
    .step = Elija una más larga.
reason-protocol-not-allowed = Rechazado: la contraseña de aplicación está limitada a otros usos
    .step = Cree una que sirva para esto.
reason-protocol-unknown = Rechazado: el servidor no dijo para qué era
    .step = Avise a su administrador.
reason-recovery-code-used = Rechazado: el código de recuperación ya se había usado
    .step = Use otro de su serie.
reason-session-ended = Rechazado: la sesión del correo web se cerró
    .step = Vuelva a iniciar sesión en el correo web.
reason-session-expired = Rechazado: la sesión del correo web ha caducado
    .step = Vuelva a iniciar sesión en el correo web.
reason-session-malformed = Rechazado: el correo web envió algo que no es una sesión
    .step = Si se repite, avise a su administrador.
reason-session-not-allowed-here = Rechazado: las sesiones del correo web no abren nada aquí
    .step = Si se repite, avise a su administrador.
reason-session-reused = Rechazado: la sesión del correo web ya se había usado
    .step = Vuelva a iniciar sesión en el correo web.
reason-session-unconfirmed = Rechazado: el inicio de sesión en el correo web no se completó
    .step = Vuelva a iniciar sesión en el correo web.
reason-session-unknown = Rechazado: la sesión del correo web es desconocida
    .step = Vuelva a iniciar sesión en el correo web.
reason-throttled = Rechazado: demasiados intentos fallidos
    .step = Espere unos minutos. Si no fue usted, alguien está probando contraseñas: una contraseña larga y el inicio de sesión en dos pasos lo dejan fuera.
reason-unknown-account = Rechazado: no existe esa cuenta
reason-wrong-app-password = Rechazado: contraseña de aplicación incorrecta
    .step = Cree otra para esta aplicación.
reason-wrong-code = Rechazado: contraseña correcta, código incorrecto
    .step = Si no fue usted, alguien conoce su contraseña: cámbiela.
reason-wrong-password = Rechazado: contraseña incorrecta
    .step = Si alguno de sus dispositivos tiene todavía una contraseña antigua, escriba en él la nueva.
reason-wrong-recovery-code = Rechazado: contraseña correcta, código de recuperación incorrecto
    .step = Si no fue usted, alguien conoce su contraseña: cámbiela.

## Pages that say one thing

message-home = Al resumen
message-again = Volver a intentarlo
message-not-found-title = Esta página no existe
message-not-found = La dirección no es correcta, o aquello a lo que llevaba ya no existe.
message-form-expired-title = Este formulario ha caducado
message-form-expired = No se ha cambiado nada. Abra la página otra vez y repítalo. Si vuelve a ocurrir, permita las cookies de esta página.
message-secret-gone-title = Ya no se muestra
message-secret-gone = Los secretos se muestran una vez, durante unos minutos. Si no lo guardó, cree otro y revoque el antiguo.
message-too-many-requests-title = Demasiadas peticiones
message-too-many-requests = Desde su red se han pedido más páginas de las que nadie puede leer. Espere un minuto y vuelva a intentarlo.
message-out-of-service-title = Fuera de servicio por el momento
message-out-of-service = Ahora mismo no se puede acceder a su cuenta. No se ha cambiado nada. Vuelva a intentarlo en unos minutos; si continúa, avise a su administrador.
message-internal-title = Algo ha fallado
message-internal = El error es nuestro y ha quedado registrado. Compruebe si su último cambio se hizo antes de repetirlo.

## Notices by mail

notices-title = Avisos
notices-lead = Recibe un correo cuando cambia algo en la seguridad de su buzón: inicio de sesión en dos pasos, contraseñas de aplicación, contraseña, códigos de recuperación, un inicio de sesión desde un lugar nuevo.
notices-on = Enviarme avisos
notices-address = Otra dirección
notices-address-hint = Fuera de este buzón, por si algún día no puede leerlo. También recibe todos los avisos.
notices-language = Se escriben en el idioma que ha elegido para estas páginas.
notices-save = Guardar
notice-notices-saved = Se ha guardado su elección.
problem-notices-address = Eso no es una dirección de correo. Escríbala como nombre@example.org.
problem-notices-mailbox = Ese es el propio buzón, que recibe los avisos en cualquier caso. Indique una dirección fuera de él.
activity-notices = Avisos por correo

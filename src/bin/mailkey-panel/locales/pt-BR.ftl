# Acesso ao e-mail: os textos do painel. As mesmas mensagens de en.ftl, o modelo.

## Around every page

product = Acesso ao e-mail
skip = Ir para o conteúdo
nav-label = Seções
nav-overview = Resumo
nav-two-factor = Duas etapas
nav-app-passwords = Senhas de app
nav-password = Senha
nav-activity = Atividade
language = Idioma
support = Ajuda
sign-out = Sair
cancel = Cancelar
copy = Copiar
copied = Copiado
copy-failed = Copie manualmente
print = Imprimir
optional = opcional
never = Nunca
wrong-prefix = Erro:{" "}
wrong-title = Algo precisa da sua atenção:
password-show = Mostrar
password-hide = Ocultar
password-show-label = Mostrar a senha
password-hide-label = Ocultar a senha

ago-now = agora mesmo
ago-minutes = { $n ->
    [one] há { $n } minuto
   *[other] há { $n } minutos
}
ago-hours = { $n ->
    [one] há { $n } hora
   *[other] há { $n } horas
}

must-enrol-from = O login em duas etapas será obrigatório aqui a partir de { $time }. Ative-o antes disso.
must-enrol-link = Ativar agora
must-enrol-now = O login em duas etapas é obrigatório aqui. Ative-o para continuar; depois, todo o resto ficará disponível.

## What was just done

notice-signed-out = Você saiu.
notice-two-factor-on = O login em duas etapas está ativo.
notice-two-factor-off = O login em duas etapas está desativado. Os códigos e os códigos de recuperação não valem mais.
notice-enrolment-cancelled = Nada foi alterado.
notice-authenticator-added = O autenticador foi adicionado. Os códigos dele valem a partir de agora.
notice-authenticator-removed = O autenticador foi removido. Os códigos dele não valem mais.
notice-recovery-codes-replaced = Os novos códigos de recuperação estão valendo. Os antigos, não.
notice-app-password-created = A senha de aplicativo está pronta para uso.
notice-app-password-revoked = A senha de aplicativo foi revogada. Ela não abre mais nada.
notice-app-passwords-revoked = Todas as senhas de aplicativo foram revogadas. Elas não abrem mais nada.
notice-password-changed = A senha foi alterada. Suas senhas de aplicativo continuam válidas.
notice-password-changed-and-revoked = A senha foi alterada e todas as senhas de aplicativo foram revogadas.
notice-session-ended = Essa sessão foi encerrada.
notice-other-sessions-ended = Todas as outras sessões foram encerradas.

## Signing in

sign-in-title = Entrar
sign-in-lead = Login em duas etapas e senhas de aplicativo para o seu e-mail
sign-in-name = Endereço de e-mail
sign-in-password = Senha
sign-in-code-hint = Se o login em duas etapas estiver ativo: o código do seu aplicativo autenticador ou um código de recuperação.
sign-in = Entrar
sign-in-not-app-password = Use a senha do seu e-mail. As senhas de aplicativo só funcionam nos aplicativos de e-mail.
second-step-title = Segunda etapa
second-step-lead = A senha está correta. Confirme que é você: { $name }
second-step-continue = Entrar
second-step-back = Entrar com outra conta
code = Código
code-hint = Os { $digits } dígitos que seu aplicativo autenticador mostra agora.
code-or-recovery-hint = Os { $digits } dígitos que seu aplicativo autenticador mostra agora, ou um código de recuperação.
recovery-code = Código de recuperação
recovery-code-use = Usar um código de recuperação
recovery-code-hint = Com os hifens, por exemplo ab2c-de3f-gh4j. Cada código só funciona uma vez.
account-password = Senha do seu e-mail
prove-title = Confirme que é você
prove-code-lead = Já se passaram alguns minutos desde o seu último código. Antes desta alteração, informe outro.
prove-password-lead = Já se passaram alguns minutos desde que você digitou sua senha. Antes desta alteração, digite-a novamente.
prove-continue = Continuar

problem-missing = Preencha todos os campos.
problem-sign-in = O endereço ou a senha está incorreto, ou o código não confere. Verifique e tente novamente.
problem-wrong-password = A senha está incorreta. Tente novamente.
problem-code-shape = Isso não é um código. Digite os { $digits } dígitos que seu aplicativo autenticador mostra agora.
problem-wrong-code = O código está incorreto. Espere o próximo e verifique se o relógio do celular se ajusta sozinho.
problem-code-used = Cada código só funciona uma vez. Espere o próximo.
problem-wrong-recovery-code = O código de recuperação está incorreto. Digite-o com os hifens, do seu conjunto mais recente.
problem-recovery-code-used = Este código de recuperação já foi usado. Use outro.
problem-invitation-missing = Digite o convite. Se não tiver um, peça ao administrador.
problem-invitation-shape = Isso não é um convite. Ele tem 16 letras e números, em quatro grupos.
problem-invitation-wrong = O convite está incorreto ou não vale mais. Confira e use o mais recente; se não der certo, peça outro ao administrador.
problem-invitation-expired = Este convite expirou. Peça um novo ao administrador.
problem-app-password = As senhas de aplicativo só funcionam nos aplicativos de e-mail. Entre com a senha do seu e-mail.
problem-disabled = Esta conta está desativada. Fale com o administrador.
problem-password-expired = Sua senha expirou. Altere-a onde você costuma fazer isso e depois entre aqui.
problem-throttled = Muitas tentativas sem sucesso. Espere alguns minutos e tente novamente.
problem-changed = A conta foi alterada no mesmo instante. Tente novamente.
problem-step-expired = O código não chegou a tempo. Entre novamente.
problem-session-ended = Sua sessão terminou: ficou muito tempo sem uso, atingiu a duração máxima ou foi encerrada em outro lugar. Entre novamente.
problem-busy = Muitas pessoas estão entrando agora. Tente novamente em instantes.
problem-unavailable = No momento, não é possível verificar senhas. Tente novamente mais tarde; se continuar, avise o administrador.

## Overview

overview-title = Resumo
overview-manage = Gerenciar
overview-turn-on = Ativar o login em duas etapas
overview-authenticators = { $n ->
    [one] Um autenticador gera seus códigos.
   *[other] { $n } autenticadores geram seus códigos.
}
overview-app-passwords = { $n ->
    [0] Nenhum aplicativo de e-mail tem senha de aplicativo.
    [one] Uma senha de aplicativo está válida.
   *[other] { $n } senhas de aplicativo estão válidas.
}
overview-last = Acessos recentes
overview-all-activity = Toda a atividade e as sessões

attention-title = Requer sua atenção
attention-more = { $n ->
    [one] Mais um: ver toda a atividade
   *[other] Mais { $n }: ver toda a atividade
}
finding-not-you = Se não foi você, alguém sabe sua senha: altere-a
finding-paused-codes = Códigos incorretos demais: nenhum é aceito até { $time }
finding-paused-passwords = Senhas incorretas demais: de lá nenhuma é verificada até { $time }
    .step = Ver o que aconteceu
finding-account-password-used = Um aplicativo de e-mail ainda usa a senha do e-mail e é recusado
    .step = Criar uma senha de aplicativo para ele
finding-code-in-mail-app = Senha e código foram digitados em um aplicativo de e-mail; ele precisa de uma senha de aplicativo
    .step = Criar uma senha de aplicativo para ele
finding-revoked-app-password-used = Um dispositivo ainda usa uma senha de aplicativo revogada
    .step = Se o dispositivo ainda é seu, criar uma nova para ele
finding-expired-app-password-used = Um dispositivo ainda usa uma senha de aplicativo que expirou
    .step = Criar uma nova para ele
finding-app-password-for-other-protocols = Uma senha de aplicativo é usada para algo a que não se destina
    .step = Criar uma que sirva para isso
finding-app-password-for-other-networks = Uma senha de aplicativo é usada fora de suas redes
    .step = Criar uma sem esse limite se o dispositivo se desloca
finding-wrong-app-password = Um aplicativo de e-mail tem uma senha de aplicativo que não é nenhuma das suas
    .step = Comparar o começo dela com suas senhas de aplicativo
finding-app-password-outside-mail-apps = Uma senha de aplicativo foi digitada no webmail, onde vale a senha do e-mail
    .step = Ver o que aconteceu
finding-code-missing = Sua senha foi digitada no webmail sem código
    .step = Digite também o código.
finding-wrong-code = Sua senha estava correta e o código, incorreto
    .step = Verifique se o relógio do celular se ajusta sozinho.
finding-wrong-recovery-code = Sua senha estava correta e o código de recuperação, incorreto ou já usado
    .step = Criar novos códigos de recuperação
finding-wrong-password = Uma senha incorreta veio de um endereço que você já usou
    .step = Se algum dispositivo seu tem uma senha antiga, digite nele a certa.
finding-guesses = { $n ->
    [one] Senhas incorretas vieram de um endereço que nunca abriu seu e-mail: alguém está tentando adivinhar, ou um novo dispositivo está mal configurado
   *[other] Senhas incorretas vieram de { $n } endereços que nunca abriram seu e-mail: alguém está tentando adivinhar
}
    .step = Ver o que aconteceu
finding-enrolment-pending = O login em duas etapas ainda não está ativo: espera o primeiro código
    .step = Continuar

## Two-factor sign-in

two-factor-title = Login em duas etapas
two-factor-is-on = O login em duas etapas está ativo
two-factor-is-off = O login em duas etapas está desativado
two-factor-lead = Com o login em duas etapas, uma senha roubada sozinha não abre nada: o webmail e esta página também pedem um código do seu celular, e cada aplicativo de e-mail recebe uma senha própria.
two-factor-steps-title = Como funciona
two-factor-step-app = Você precisa de um aplicativo autenticador no celular, como Aegis, FreeOTP, Google Authenticator, Microsoft Authenticator ou 2FAS, ou de um gerenciador de senhas que gere códigos.
two-factor-step-scan = Com ele, você escaneia um código QR e digita o código que ele mostra.
two-factor-step-codes = Você recebe dez códigos de recuperação para o dia em que perder o celular.
two-factor-step-apps = Os aplicativos de e-mail que usam a senha do seu e-mail param de funcionar. Você cria uma senha de aplicativo para cada um deles.
two-factor-begin = Ativar
invitation = Convite
invitation-lead = Aqui você o ativa com um convite: um código que o administrador lhe dá. Assim, ninguém que tenha apenas a sua senha pode fazer isso no seu lugar.
invitation-hint = 16 letras e números, por exemplo K7M2-9XQD-0011-ABCD. Maiúsculas, espaços e hifens não importam.
authenticators-title = Autenticadores
authenticator-name = Nome do autenticador
authenticator-name-hint = Para diferenciá-lo dos outros, por exemplo “Meu celular”.
authenticator-proposed = Celular
authenticator-since = Adicionado em { $date }
authenticator-remove = Remover
authenticator-add = Adicionar outro autenticador
authenticator-add-lead = Por exemplo, em um segundo celular ou em um gerenciador de senhas. Os códigos de cada um valem.
authenticator-begin = Mostrar o código QR
authenticator-remove-title = Remover este autenticador?
authenticator-remove-lead = Os códigos de { $name } deixam de valer imediatamente.
authenticator-remove-effect-others = Seus outros autenticadores e seus códigos de recuperação continuam como estão.
authenticator-remove-effect-app = Depois, apague também a entrada no aplicativo: ela não serve mais.
authenticator-remove-do = Remover
enrolment-waits = Você começou a adicionar um autenticador.
enrolment-go-on = Continuar
enrolment-again = Um autenticador foi iniciado e não concluído. Comece de novo: você recebe um novo código QR, e o antigo não vale.
recovery-codes-title = Códigos de recuperação
recovery-codes-left = { $n ->
    [0] Não resta nenhum código de recuperação. Crie novos.
    [one] Resta um código de recuperação.
   *[other] Restam { $n } códigos de recuperação.
}
recovery-codes-lead = Cada um abre sua conta uma vez no lugar de um código do aplicativo, quando o celular não está à mão.
recovery-codes-new = Criar novos códigos de recuperação
recovery-codes-new-lead = Você recebe dez códigos novos. Os antigos deixam de valer imediatamente, e as sessões do webmail e de outros navegadores são encerradas.
recovery-codes-make = Criar novos códigos
recovery-codes-shown-lead = Guarde estes códigos onde você os encontre sem o celular: impressos ou em um gerenciador de senhas. Cada um só funciona uma vez.
recovery-codes-once = Eles não serão mostrados de novo. Guarde-os antes de continuar.
recovery-codes-save = Salvar em arquivo
recovery-codes-print = Cada código só funciona uma vez. Digite-o com os hifens onde o código for pedido.
recovery-codes-done = Já guardei
enrol-title-first = Ativar o login em duas etapas
enrol-title-further = Adicionar um autenticador
enrol-lead = Duas etapas conectam { $name } ao seu e-mail.
enrol-scan-title = 1. Escaneie o código QR
enrol-scan = Abra o aplicativo autenticador, escolha adicionar uma conta e aponte a câmera para cá.
enrol-qr-label = Código QR para o aplicativo autenticador
enrol-open-app = Está lendo isto no celular que tem o aplicativo? Abra-o por aqui.
enrol-by-hand = Digitar o segredo manualmente
enrol-by-hand-lead = Se a câmera não puder ser usada, escolha no aplicativo inserir uma chave.
enrol-secret = Segredo
enrol-form = Tipo
enrol-form-is = Baseado no tempo, { $digits } dígitos, { $period } segundos, { $algorithm }
enrol-confirm-title = 2. Digite o código
enrol-code-hint = Os { $digits } dígitos que o aplicativo mostra agora para esta entrada.
enrol-confirm-first = Ativar
enrol-confirm-further = Adicionar
two-factor-off-title = Desativar o login em duas etapas
two-factor-off-teaser = A senha do seu e-mail voltará a abrir tudo sozinha.
two-factor-off-link = Desativar…
two-factor-off-lead = Quando o login em duas etapas está desativado:
two-factor-off-effect-password = A senha do seu e-mail abre sozinha o webmail, esta página e os aplicativos de e-mail.
two-factor-off-effect-codes = Seus autenticadores e códigos de recuperação deixam de valer imediatamente.
two-factor-off-effect-apps = As senhas de aplicativo continuam válidas. As sessões do webmail e de outros navegadores são encerradas.
two-factor-off-effect-again = Para ativá-lo de novo, você escaneará um novo código QR; o antigo nunca mais valerá.
two-factor-off-effect-invitation = Você só poderá ativá-lo de novo com um novo convite do administrador.
two-factor-off-do = Desativar
two-factor-off-keep = Manter ativo

## App passwords

app-passwords-title = Senhas de aplicativo
app-passwords-lead = Um aplicativo de e-mail recebe uma senha própria. Se perder um dispositivo, você revoga a senha dele, e todo o resto continua funcionando.
app-passwords-lead-off = Um aplicativo de e-mail pode ter uma senha própria. Se perder um dispositivo, você revoga a senha dele, e todo o resto continua funcionando. Com o login em duas etapas, cada aplicativo de e-mail precisa de uma.
app-passwords-none = Ainda não há nenhuma.
app-passwords-ended = { $n ->
    [one] Uma revogada ou expirada
   *[other] { $n } revogadas ou expiradas
}
app-password-new = Nova senha de aplicativo
app-password-id = Começa com
app-password-for = Serve para
app-password-for-hint = Para um aplicativo de e-mail comum, deixe como está.
app-password-created = Criada
app-password-used = Último uso
app-password-from = Somente de
app-password-revoked = Revogada
app-password-expires = Válida até
app-password-expired = Expirou
app-password-name = Nome
app-password-name-hint = O aplicativo e o dispositivo, por exemplo “Thunderbird no meu notebook”.
app-password-limits = Limites: validade e redes
app-password-expiry = Validade
app-password-networks = Somente destas redes
app-password-networks-hint = Endereços ou redes separados por vírgulas, por exemplo 192.0.2.7, 2001:db8::/32. Deixe vazio se o dispositivo se desloca.
app-password-make = Criar senha de aplicativo
protocol-imap = IMAP
protocol-pop3 = POP3
protocol-smtp = SMTP
protocol-sieve = Sieve
protocol-imap-for = Ler e-mails (IMAP)
protocol-pop3-for = Baixar e-mails (POP3)
protocol-smtp-for = Enviar e-mails (SMTP)
protocol-sieve-for = Filtros (Sieve)
expires-never = até ser revogada
expires-30d = por 30 dias
expires-90d = por 90 dias
expires-1y = por um ano
expires-date = até um dia, inclusive:
expires-date-label = Último dia
problem-name-empty = Dê um nome, para diferenciar dos outros.
problem-name-long = O nome é longo demais. Use no máximo { $max } caracteres.
problem-name-unprintable = O nome contém um caractere que não pode ser mostrado. Use letras, números, símbolos e espaços.
problem-no-protocol = Escolha pelo menos um uso; sem isso, ela não abre nada.
problem-no-date = Escolha o último dia em que deve funcionar.
problem-expiry-past = Esse dia já passou. Escolha um posterior.
problem-network = “{ $network }” não é um endereço nem uma rede. Escreva como 192.0.2.7 ou 192.0.2.0/24.
problem-too-many = Você tem { $most } senhas de aplicativo, e não são permitidas mais. Revogue uma que não usa mais.
new-app-password-title = Nova senha de aplicativo
new-app-password-lead = Crie uma para cada aplicativo em cada dispositivo.
created-title = Sua nova senha de aplicativo
created-lead = Digite-a agora em { $name }, no lugar da senha do seu e-mail.
created-secret = Senha de aplicativo
created-once = Ela só é mostrada agora. Ninguém precisa decorá-la: para outro dispositivo, crie outra.
created-qr = Mostrar como código QR
created-qr-lead = Leia-a com a câmera do celular e copie-a de lá para o aplicativo de e-mail.
created-qr-label = Código QR da senha de aplicativo
created-settings = Configurações do aplicativo de e-mail
created-settings-lead = Muitos aplicativos as encontram sozinhos. Se o seu perguntar, estas são as corretas:
created-no-servers = O administrador pode informar os nomes dos servidores.
created-profile-title = iPhone, iPad e Mac
created-profile-lead = Abra este arquivo no dispositivo: ele configura o aplicativo Mail da Apple com tudo o que é necessário.
created-profile = Perfil de configuração
created-profile-warning = A senha de aplicativo está no arquivo. Apague-o depois de instalado.
created-profile-without = Perfil sem a senha de aplicativo
created-expires = Funciona até { $date }, inclusive.
created-done = Concluir
settings-user = Nome de usuário
settings-password = Senha
settings-password-is = a senha de aplicativo acima
settings-imap = E-mails recebidos: IMAP
settings-pop3 = E-mails recebidos: POP3
settings-smtp = E-mails enviados: SMTP
settings-sieve = Filtros: ManageSieve
settings-host = Servidor
settings-port = Porta
settings-security = Criptografia
settings-tls = SSL/TLS
settings-starttls = STARTTLS
revoke = Revogar
revoke-title = Revogar “{ $name }”?
revoke-lead = { $name } para de funcionar imediatamente: não pode mais receber nem enviar e-mails.
revoke-used = Último uso: { $time }.
revoke-again = Isso não pode ser desfeito. Para o mesmo aplicativo, você pode criar uma nova senha a qualquer momento.
revoke-do = Revogar
revoke-keep = Manter
revoke-all-link = Revogar todas
revoke-all-title = { $n ->
    [one] Revogar a senha de aplicativo?
   *[other] Revogar todas as { $n } senhas de aplicativo?
}
revoke-all-lead = Todos os aplicativos de e-mail em todos os seus dispositivos param de funcionar imediatamente, até que você dê a cada um uma nova senha.
revoke-all-do = Revogar todas

## Password

password-title = Senha
password-lead = Esta é a senha do seu e-mail: para o webmail e para esta página.
password-elsewhere = A senha do seu e-mail é mantida por outro sistema e não pode ser alterada aqui. Altere-a onde você altera a senha do seu computador ou da sua organização, ou pergunte ao administrador.
password-current = Senha atual
password-new = Nova senha
password-new-hint = { $min ->
    [one] Pelo menos { $min } caractere. Longa é melhor que complicada.
   *[other] Pelo menos { $min } caracteres. Longa é melhor que complicada.
}
password-again = Nova senha, mais uma vez
password-effects-title = O que acontece
password-effect-sessions = As sessões do webmail e de todos os outros navegadores são encerradas.
password-effect-app-passwords = { $n ->
    [one] Sua senha de aplicativo continua válida, a menos que você escolha o contrário.
   *[other] Suas { $n } senhas de aplicativo continuam válidas, a menos que você escolha o contrário.
}
password-revoke = Revogar também todas as senhas de aplicativo
password-revoke-hint = Faça isso se outra pessoa pode saber sua senha ou teve um dispositivo seu.
password-change = Alterar senha
problem-again = As duas novas senhas são diferentes. Digite a mesma duas vezes.
problem-too-short = { $min ->
    [one] A nova senha é curta demais. Use pelo menos { $min } caractere.
   *[other] A nova senha é curta demais. Use pelo menos { $min } caracteres.
}
problem-too-long = A nova senha é longa demais. Use no máximo { $max } bytes.
problem-control = A nova senha contém um caractere de controle. Use letras, números, símbolos e espaços.
problem-looks-like = A nova senha parece uma senha de aplicativo ou um código de recuperação e seria confundida com um deles. Escolha outra.
problem-is-name = A nova senha é o nome da conta. Escolha outra.
problem-unchanged = A nova senha é a antiga. Escolha outra.

## Activity and sessions

activity-title = Atividade
activity-list = O que aconteceu
activity-none = Nada ainda.
activity-lead = Se algo aqui não foi você: altere sua senha, revogue as senhas de aplicativo que não conhece e crie novos códigos de recuperação.
activity-count = { $n ->
    [one] uma vez desde { $since }
   *[other] { $n } vezes desde { $since }
}
activity-about = { $event } – { $app }
activity-by-administrator = por um administrador
activity-unknown = Outro evento: { $name }
app-password-by-name = “{ $name }”, { $id }
app-password-by-id = senha de aplicativo { $id }
sessions-title = Sessões abertas
sessions-lead = Os aplicativos de e-mail não aparecem aqui: cada um tem uma senha de aplicativo.
sessions-end-others-lead = Encerra as sessões do webmail e de todos os outros navegadores. Os aplicativos de e-mail continuam funcionando.
sessions-end-others = Sair de todo o resto
session-this = Este navegador
session-panel = Esta página: configurações da conta
session-webmail = Webmail
session-unknown-browser = Navegador desconhecido
session-opened = Entrada: { $time }
session-used = Último uso: { $time }
method-password = com a senha
method-totp = com senha e código
method-recovery-code = com senha e código de recuperação
accepted-app-password = Acesso de aplicativo de e-mail – { $app }
accepted-app-password-unnamed = Acesso de aplicativo de e-mail com uma senha de aplicativo
accepted-client = Acesso de aplicativo de e-mail com a senha do e-mail
accepted-session = Webmail em uso
accepted-webmail = Acesso ao webmail
accepted-webmail-recovery-code = Acesso ao webmail com um código de recuperação
accepted-panel = Acesso a esta página
signed-out-webmail = Saída do webmail
signed-out-panel = Saída desta página

event-account-created = Conta criada
event-account-disabled = Conta desativada
event-account-enabled = Conta reativada
event-account-renamed = Conta renomeada
event-app-password-created = Senha de aplicativo criada
event-app-password-revoked = Senha de aplicativo revogada
event-authenticator-added = Autenticador adicionado
event-authenticator-removed = Autenticador removido
event-code-verified = Código informado de novo antes de uma alteração
event-enrolment-begun = Código QR de um autenticador mostrado
event-invitation-created = Convite para ativar o login em duas etapas
event-invitation-refused = Recusado: o convite estava incorreto ou tinha expirado
event-invitation-revoked = Convite revogado
event-password-changed = Senha alterada
event-recovery-codes-replaced = Novos códigos de recuperação criados
event-requirement-cleared = Sem regra própria sobre o login em duas etapas
event-session-closed = Saída
event-session-revoked = Sessão encerrada em outro lugar
event-two-factor-exempted = Login em duas etapas não exigido
event-two-factor-off = Login em duas etapas desativado
event-two-factor-on = Login em duas etapas ativado
event-two-factor-required = Login em duas etapas exigido
event-two-factor-reset = Login em duas etapas redefinido após uma perda

reason-account-changed = Recusado: a conta foi alterada no mesmo instante
    .step = Entre novamente.
reason-account-disabled = Recusado: a conta está desativada
    .step = Fale com o administrador.
reason-app-password-expired = Recusado: a senha de aplicativo expirou
    .step = Crie uma nova para este aplicativo.
reason-app-password-not-allowed-here = Recusado: uma senha de aplicativo foi digitada onde só vale a senha do e-mail
    .step = Use senhas de aplicativo somente em aplicativos de e-mail.
reason-app-password-required = Recusado: um aplicativo de e-mail usou a senha do e-mail
    .step = Crie uma senha de aplicativo e digite-a nesse aplicativo.
reason-app-password-revoked = Recusado: uma senha de aplicativo revogada ainda está em uso
    .step = Crie uma nova se o dispositivo ainda é seu. Se você o perdeu, não há nada a fazer: ele fica de fora.
reason-code-required = Senha correta, código não informado
    .step = Todo acesso a esta página começa assim. Se não foi você, alguém sabe sua senha: altere-a.
reason-code-used = Recusado: o código já tinha sido usado
    .step = Espere o próximo código.
reason-credential-too-long = Recusado: a senha era mais longa do que pode ser
reason-empty-credential = Recusado: nenhuma senha foi enviada
    .step = Digite a senha novamente no aplicativo.
reason-enrolment-required = Recusado: primeiro é preciso ativar o login em duas etapas
    .step = Ative-o aqui.
reason-invalid-name = Recusado: o nome de usuário não tem a forma do de uma conta
    .step = Verifique os espaços e o domínio.
reason-network-not-allowed = Recusado: a senha de aplicativo é limitada a outras redes
    .step = Crie uma sem esse limite se o dispositivo se desloca.
reason-not-authenticated = Recusado: o login não foi concluído
    .step = Se isso se repetir, avise o administrador.
reason-password-refused = A nova senha não foi aceita
    .step = Escolha uma mais longa.
reason-protocol-not-allowed = Recusado: a senha de aplicativo é limitada a outros usos
    .step = Crie uma que sirva para isto.
reason-protocol-unknown = Recusado: o servidor não disse para que era
    .step = Avise o administrador.
reason-recovery-code-used = Recusado: o código de recuperação já tinha sido usado
    .step = Use outro do seu conjunto.
reason-session-ended = Recusado: a sessão do webmail foi encerrada
    .step = Entre novamente no webmail.
reason-session-expired = Recusado: a sessão do webmail expirou
    .step = Entre novamente no webmail.
reason-session-malformed = Recusado: o webmail enviou algo que não é uma sessão
    .step = Se isso se repetir, avise o administrador.
reason-session-not-allowed-here = Recusado: as sessões do webmail não abrem nada aqui
    .step = Se isso se repetir, avise o administrador.
reason-session-reused = Recusado: a sessão do webmail já tinha sido usada
    .step = Entre novamente no webmail.
reason-session-unconfirmed = Recusado: o login no webmail não foi concluído
    .step = Entre novamente no webmail.
reason-session-unknown = Recusado: a sessão do webmail é desconhecida
    .step = Entre novamente no webmail.
reason-throttled = Recusado: muitas tentativas sem sucesso
    .step = Espere alguns minutos. Se não foi você, alguém está tentando adivinhar: uma senha longa e o login em duas etapas o mantêm de fora.
reason-unknown-account = Recusado: essa conta não existe
reason-wrong-app-password = Recusado: senha de aplicativo incorreta
    .step = Crie uma nova para este aplicativo.
reason-wrong-code = Recusado: senha correta, código incorreto
    .step = Se não foi você, alguém sabe sua senha: altere-a.
reason-wrong-password = Recusado: senha incorreta
    .step = Se algum dispositivo seu ainda tem uma senha antiga, digite nele a nova.
reason-wrong-recovery-code = Recusado: senha correta, código de recuperação incorreto
    .step = Se não foi você, alguém sabe sua senha: altere-a.

## Pages that say one thing

message-home = Ir para o resumo
message-again = Tentar novamente
message-not-found-title = Esta página não existe
message-not-found = O endereço está errado, ou aquilo a que ele levava não existe mais.
message-form-expired-title = Este formulário expirou
message-form-expired = Nada foi alterado. Abra a página de novo e repita. Se acontecer outra vez, permita cookies para esta página.
message-secret-gone-title = Isto não é mais mostrado
message-secret-gone = Segredos são mostrados uma vez, por alguns minutos. Se você não o guardou, crie um novo e revogue o antigo.
message-too-many-requests-title = Solicitações demais
message-too-many-requests = Da sua rede foram pedidas mais páginas do que alguém consegue ler. Espere um minuto e tente novamente.
message-out-of-service-title = Fora de serviço no momento
message-out-of-service = Sua conta não pode ser acessada agora. Nada foi alterado. Tente novamente em alguns minutos; se continuar, avise o administrador.
message-internal-title = Algo deu errado
message-internal = O erro é nosso e foi registrado. Veja se sua última alteração foi feita antes de repeti-la.

## Notices by mail

notices-title = Avisos
notices-lead = Você recebe um e-mail quando algo muda na segurança da sua caixa postal: login em duas etapas, senhas de aplicativo, senha, códigos de recuperação, um login a partir de um lugar novo.
notices-on = Enviar avisos para mim
notices-address = Outro endereço
notices-address-hint = Fora desta caixa postal, caso um dia você não consiga lê-la. Ele também recebe todos os avisos.
notices-language = Eles são escritos no idioma que você escolheu para estas páginas.
notices-save = Salvar
notice-notices-saved = Sua escolha foi salva.
problem-notices-address = Isso não é um endereço de e-mail. Escreva-o como nome@example.org.
problem-notices-mailbox = Essa é a própria caixa postal, que recebe os avisos de qualquer forma. Informe um endereço fora dela.
activity-notices = Avisos por e-mail

# 邮箱登录：面板的文字。与样本 en.ftl 的消息相同。

## Around every page

product = 邮箱登录
skip = 跳到正文
nav-label = 栏目
nav-overview = 概览
nav-two-factor = 两步验证
nav-app-passwords = 应用专用密码
nav-password = 密码
nav-activity = 活动
language = 语言
support = 帮助
sign-out = 退出登录
cancel = 取消
copy = 复制
copied = 已复制
copy-failed = 请手动复制
print = 打印
optional = 选填
never = 从未
wrong-prefix = 错误：
wrong-title = 请注意：
password-show = 显示
password-hide = 隐藏
password-show-label = 显示密码
password-hide-label = 隐藏密码

ago-now = 刚刚
ago-minutes = { $n ->
   *[other] { $n } 分钟前
}
ago-hours = { $n ->
   *[other] { $n } 小时前
}

must-enrol-from = 从 { $time } 起，这里必须使用两步验证。请在此之前启用。
must-enrol-link = 立即启用
must-enrol-now = 这里必须使用两步验证。请先启用，之后即可使用其他功能。

## What was just done

notice-signed-out = 您已退出登录。
notice-two-factor-on = 两步验证已启用。
notice-two-factor-off = 两步验证已关闭。验证码和恢复码不再有效。
notice-enrolment-cancelled = 没有任何更改。
notice-authenticator-added = 已添加验证器。它的验证码从现在起有效。
notice-authenticator-removed = 已移除验证器。它的验证码不再有效。
notice-recovery-codes-replaced = 新的恢复码已生效，旧的不再有效。
notice-app-password-created = 应用专用密码可以使用了。
notice-app-password-revoked = 应用专用密码已撤销，不能再使用。
notice-app-passwords-revoked = 所有应用专用密码已撤销，不能再使用。
notice-password-changed = 密码已更改。您的应用专用密码仍然有效。
notice-password-changed-and-revoked = 密码已更改，所有应用专用密码已撤销。
notice-session-ended = 该会话已退出登录。
notice-other-sessions-ended = 所有其他会话已退出登录。

## Signing in

sign-in-title = 登录
sign-in-lead = 您邮箱的两步验证和应用专用密码
sign-in-name = 邮箱地址
sign-in-password = 密码
sign-in-code-hint = 如果已启用两步验证：请输入验证器应用中的验证码，或一个恢复码。
sign-in = 登录
sign-in-not-app-password = 请使用邮箱密码。应用专用密码只能用于邮件应用。
second-step-title = 第二步
second-step-lead = 密码正确。请确认是您本人：{ $name }
second-step-continue = 登录
second-step-back = 使用其他账户登录
code = 验证码
code-hint = 验证器应用现在显示的 { $digits } 位数字。
code-or-recovery-hint = 验证器应用现在显示的 { $digits } 位数字，或一个恢复码。
recovery-code = 恢复码
recovery-code-use = 使用恢复码
recovery-code-hint = 请连同短横线一起输入，例如 ab2c-de3f-gh4j。每个恢复码只能使用一次。
account-password = 邮箱密码
prove-title = 请确认是您本人
prove-code-lead = 距您上次输入验证码已有几分钟。进行此更改前，请再输入一次。
prove-password-lead = 距您上次输入密码已有几分钟。进行此更改前，请再输入一次。
prove-continue = 继续

problem-missing = 请填写所有栏目。
problem-sign-in = 地址或密码错误，或者验证码不符。请检查后重试。
problem-wrong-password = 密码错误。请重试。
problem-code-shape = 这不是验证码。请输入验证器应用现在显示的 { $digits } 位数字。
problem-wrong-code = 验证码错误。请等待下一个，并确认手机的时钟为自动设置。
problem-code-used = 每个验证码只能使用一次。请等待下一个。
problem-wrong-recovery-code = 恢复码错误。请使用最新的一组，连同短横线一起输入。
problem-recovery-code-used = 此恢复码已使用过。请使用另一个。
problem-invitation-missing = 请输入邀请码。如果没有，请向管理员索取。
problem-invitation-shape = 这不是邀请码。邀请码是 16 位字母和数字，分为四组。
problem-invitation-wrong = 邀请码错误或已失效。请核对并使用最新的一个，或向管理员索取新的邀请码。
problem-invitation-expired = 此邀请码已过期。请向管理员索取新的邀请码。
problem-app-password = 应用专用密码只能用于邮件应用。请使用邮箱密码登录。
problem-disabled = 此账户已停用。请联系管理员。
problem-password-expired = 您的密码已过期。请在平常更改密码的地方更改，然后在此登录。
problem-throttled = 失败次数过多。请等待几分钟后重试。
problem-changed = 账户在同一时刻被更改。请重试。
problem-step-expired = 验证码未能及时输入。请重新登录。
problem-session-ended = 您的登录已结束：长时间未使用、已达到时长上限，或已在其他地方被终止。请重新登录。
problem-busy = 现在登录的人很多。请稍后重试。
problem-unavailable = 目前无法检查密码。请稍后重试；如果持续出现，请告知管理员。

## Overview

overview-title = 概览
overview-manage = 管理
overview-turn-on = 启用两步验证
overview-authenticators = { $n ->
   *[other] 验证器：{ $n } 个
}
overview-app-passwords = { $n ->
    [0] 还没有应用专用密码。
   *[other] 有效的应用专用密码：{ $n } 个
}
overview-last = 最近的登录
overview-all-activity = 所有活动和会话

attention-title = 需要您注意
attention-more = 还有 { $n } 项：查看所有活动
finding-not-you = 如果不是您本人，说明有人知道您的密码：请更改
finding-paused-codes = 验证码错误次数过多：{ $time } 之前不再接受
finding-paused-passwords = 密码错误次数过多：{ $time } 之前不再检查来自该处的密码
    .step = 查看发生了什么
finding-account-password-used = 有邮件应用仍在使用邮箱密码，已被拒绝
    .step = 为它创建应用专用密码
finding-code-in-mail-app = 有人在邮件应用中输入了密码和验证码；它需要的是应用专用密码
    .step = 为它创建应用专用密码
finding-revoked-app-password-used = 有设备仍在使用已撤销的应用专用密码
    .step = 如果设备仍属于您，请为它创建新的
finding-expired-app-password-used = 有设备仍在使用已过期的应用专用密码
    .step = 为它创建新的
finding-app-password-for-other-protocols = 应用专用密码被用于它不适用的用途
    .step = 创建可用于此用途的
finding-app-password-for-other-networks = 应用专用密码在其限定的网络之外使用
    .step = 如果设备经常移动，请创建没有此限制的
finding-wrong-app-password = 有邮件应用使用的应用专用密码不是您的
    .step = 将其开头与您的应用专用密码比较
finding-app-password-outside-mail-apps = 有人在网页邮箱中输入了应用专用密码，那里应使用邮箱密码
    .step = 查看发生了什么
finding-code-missing = 有人在网页邮箱中输入了您的密码，但没有验证码
    .step = 请同时输入验证码。
finding-wrong-code = 您的密码正确，但验证码错误
    .step = 请确认手机的时钟为自动设置。
finding-wrong-recovery-code = 您的密码正确，但恢复码错误或已使用过
    .step = 生成新的恢复码
finding-wrong-password = 您曾使用过的地址发来了错误的密码
    .step = 如果您的某台设备还保存着旧密码，请在其中输入正确的密码。
finding-guesses = { $n ->
    [1] 一个从未打开过您邮箱的地址发来了错误的密码：有人在猜测，或新设备设置有误
   *[other] { $n } 个从未打开过您邮箱的地址发来了错误的密码：有人在猜测
}
    .step = 查看发生了什么
finding-enrolment-pending = 两步验证尚未启用：正在等待第一个验证码
    .step = 继续

## Two-factor sign-in

two-factor-title = 两步验证
two-factor-is-on = 两步验证已启用
two-factor-is-off = 两步验证未启用
two-factor-lead = 启用两步验证后，仅凭被盗的密码什么也打不开：网页邮箱和本页面还会要求输入手机上的验证码，而每个邮件应用都使用自己的密码。
two-factor-steps-title = 使用步骤
two-factor-step-app = 您需要在手机上安装验证器应用，例如 Aegis、FreeOTP、Google Authenticator、Microsoft Authenticator 或 2FAS，也可以使用能生成验证码的密码管理器。
two-factor-step-scan = 用它扫描二维码，然后输入它显示的验证码。
two-factor-step-codes = 您会得到十个恢复码，以备手机丢失之用。
two-factor-step-apps = 使用邮箱密码的邮件应用将停止工作。您需要为每个应用创建应用专用密码。
two-factor-begin = 启用
invitation = 邀请码
invitation-lead = 在这里启用需要邀请码，由管理员提供。这样，只知道您密码的人无法代替您启用。
invitation-hint = 16 位字母和数字，例如 K7M2-9XQD-0011-ABCD。不区分大小写，空格和短横线可有可无。
authenticators-title = 验证器
authenticator-name = 验证器名称
authenticator-name-hint = 便于与其他验证器区分，例如“我的手机”。
authenticator-proposed = 手机
authenticator-since = 添加于 { $date }
authenticator-remove = 移除
authenticator-add = 添加另一个验证器
authenticator-add-lead = 例如在另一部手机上，或在密码管理器中。每个验证器的验证码都有效。
authenticator-begin = 显示二维码
authenticator-remove-title = 移除此验证器？
authenticator-remove-lead = { $name } 的验证码会立即失效。
authenticator-remove-effect-others = 其他验证器和恢复码保持不变。
authenticator-remove-effect-app = 之后请在应用中也删除该条目：它已没有用处。
authenticator-remove-do = 移除
enrolment-waits = 您已开始添加验证器。
enrolment-go-on = 继续
enrolment-again = 曾开始添加验证器但未完成。请重新开始：您会得到新的二维码，旧的无效。
recovery-codes-title = 恢复码
recovery-codes-left = { $n ->
    [0] 已没有恢复码。请生成新的。
   *[other] 剩余恢复码：{ $n } 个
}
recovery-codes-lead = 手机不在身边时，每个恢复码可以代替验证码登录一次。
recovery-codes-new = 生成新的恢复码
recovery-codes-new-lead = 您会得到十个新的恢复码。旧的会立即失效，网页邮箱和其他浏览器会退出登录。
recovery-codes-make = 生成新的恢复码
recovery-codes-shown-lead = 请把这些恢复码保存在没有手机也能找到的地方：打印出来，或存入密码管理器。每个只能使用一次。
recovery-codes-once = 它们不会再次显示。请先妥善保存，再继续。
recovery-codes-save = 保存为文件
recovery-codes-print = 每个恢复码只能使用一次。在要求输入验证码的地方，连同短横线一起输入。
recovery-codes-done = 我已保存
enrol-title-first = 启用两步验证
enrol-title-further = 添加验证器
enrol-lead = 两个步骤即可将 { $name } 与您的邮箱关联。
enrol-scan-title = 1. 扫描二维码
enrol-scan = 打开验证器应用，选择添加账户，然后将摄像头对准这里。
enrol-qr-label = 验证器应用的二维码
enrol-open-app = 正在装有该应用的手机上阅读？可从这里打开应用。
enrol-by-hand = 手动输入密钥
enrol-by-hand-lead = 如果无法使用摄像头，请在应用中选择输入密钥。
enrol-secret = 密钥
enrol-form = 类型
enrol-form-is = 基于时间，{ $digits } 位数字，{ $period } 秒，{ $algorithm }
enrol-confirm-title = 2. 输入验证码
enrol-code-hint = 应用现在为此条目显示的 { $digits } 位数字。
enrol-confirm-first = 启用
enrol-confirm-further = 添加
two-factor-off-title = 关闭两步验证
two-factor-off-teaser = 之后仅凭邮箱密码就能打开一切。
two-factor-off-link = 关闭…
two-factor-off-lead = 关闭两步验证后：
two-factor-off-effect-password = 仅凭邮箱密码就能打开网页邮箱、本页面和邮件应用。
two-factor-off-effect-codes = 您的验证器和恢复码会立即失效。
two-factor-off-effect-apps = 应用专用密码仍然有效。网页邮箱和其他浏览器会退出登录。
two-factor-off-effect-again = 再次启用时需要扫描新的二维码；旧的永远不再有效。
two-factor-off-effect-invitation = 再次启用时需要管理员提供的新邀请码。
two-factor-off-do = 关闭
two-factor-off-keep = 保持启用

## App passwords

app-passwords-title = 应用专用密码
app-passwords-lead = 每个邮件应用使用自己的密码。设备丢失时，您只需撤销它的密码，其他一切照常使用。
app-passwords-lead-off = 每个邮件应用可以使用自己的密码。设备丢失时，您只需撤销它的密码，其他一切照常使用。启用两步验证后，每个邮件应用都需要一个。
app-passwords-none = 还没有。
app-passwords-ended = { $n ->
   *[other] 已撤销或已过期：{ $n } 个
}
app-password-new = 新建应用专用密码
app-password-id = 开头
app-password-for = 用途
app-password-for-hint = 普通邮件应用保持默认即可。
app-password-created = 创建于
app-password-used = 上次使用
app-password-from = 仅限来自
app-password-revoked = 撤销于
app-password-expires = 有效期至
app-password-expired = 过期于
app-password-name = 名称
app-password-name-hint = 应用和设备，例如“笔记本电脑上的 Thunderbird”。
app-password-limits = 限制：有效期和网络
app-password-expiry = 有效期
app-password-networks = 仅限来自这些网络
app-password-networks-hint = 地址或网络，用逗号分隔，例如 192.0.2.7, 2001:db8::/32。如果设备经常移动，请留空。
app-password-make = 创建应用专用密码
protocol-imap = IMAP
protocol-pop3 = POP3
protocol-smtp = SMTP
protocol-sieve = Sieve
protocol-imap-for = 阅读邮件（IMAP）
protocol-pop3-for = 收取邮件（POP3）
protocol-smtp-for = 发送邮件（SMTP）
protocol-sieve-for = 过滤规则（Sieve）
expires-never = 直到撤销
expires-30d = 30 天
expires-90d = 90 天
expires-1y = 一年
expires-date = 到指定日期（含当天）：
expires-date-label = 最后一天
problem-name-empty = 请起一个名称，便于与其他区分。
problem-name-long = 名称太长。最多使用 { $max } 个字符。
problem-name-unprintable = 名称包含无法显示的字符。请使用文字、数字、符号和空格。
problem-no-protocol = 请至少选择一种用途，否则什么也打不开。
problem-no-date = 请选择可以使用的最后一天。
problem-expiry-past = 那一天已经过去。请选择更晚的日期。
problem-network = “{ $network }”不是地址或网络。请写成 192.0.2.7 或 192.0.2.0/24 的形式。
problem-too-many = 您已有 { $most } 个应用专用密码，不能再多。请撤销不再使用的。
new-app-password-title = 新建应用专用密码
new-app-password-lead = 请为每台设备上的每个应用各创建一个。
created-title = 您的新应用专用密码
created-lead = 请现在将它输入 { $name }，代替邮箱密码。
created-secret = 应用专用密码
created-once = 它只在现在显示。不需要记住：其他设备请另外创建。
created-qr = 显示为二维码
created-qr-lead = 用手机摄像头读取，再从那里复制到邮件应用中。
created-qr-label = 应用专用密码的二维码
created-settings = 邮件应用的设置
created-settings-lead = 许多应用会自动找到这些设置。如果您的应用询问，请这样填写：
created-no-servers = 管理员可以告诉您服务器的名称。
created-profile-title = iPhone、iPad 和 Mac
created-profile-lead = 在设备上打开此文件，即可完成 Apple“邮件”应用所需的全部设置。
created-profile = 配置描述文件
created-profile-warning = 文件中含有应用专用密码。安装后请将其删除。
created-profile-without = 不含应用专用密码的描述文件
created-expires = 可使用到 { $date }（含当天）。
created-done = 完成
settings-user = 用户名
settings-password = 密码
settings-password-is = 上面的应用专用密码
settings-imap = 收件：IMAP
settings-pop3 = 收件：POP3
settings-smtp = 发件：SMTP
settings-sieve = 过滤规则：ManageSieve
settings-host = 服务器
settings-port = 端口
settings-security = 加密
settings-tls = SSL/TLS
settings-starttls = STARTTLS
revoke = 撤销
revoke-title = 撤销“{ $name }”？
revoke-lead = { $name } 会立即停止工作：不能再收取或发送邮件。
revoke-used = 上次使用：{ $time }。
revoke-again = 此操作无法撤回。您可以随时为同一应用创建新的应用专用密码。
revoke-do = 撤销
revoke-keep = 保留
revoke-all-link = 全部撤销
revoke-all-title = { $n ->
   *[other] 撤销全部 { $n } 个应用专用密码？
}
revoke-all-lead = 您所有设备上的所有邮件应用都会立即停止工作，直到您为每个应用输入新的应用专用密码。
revoke-all-do = 全部撤销

## Password

password-title = 密码
password-lead = 这是您的邮箱密码：用于网页邮箱和本页面。
password-elsewhere = 您的邮箱密码由其他系统保管，不能在这里更改。请在更改电脑或单位密码的地方更改，或询问管理员。
password-current = 当前密码
password-new = 新密码
password-new-hint = { $min ->
   *[other] 至少 { $min } 个字符。长比复杂更好。
}
password-again = 再次输入新密码
password-effects-title = 更改之后
password-effect-sessions = 网页邮箱和所有其他浏览器会退出登录。
password-effect-app-passwords = { $n ->
   *[other] 您的 { $n } 个应用专用密码仍然有效，除非您另作选择。
}
password-revoke = 同时撤销所有应用专用密码
password-revoke-hint = 如果别人可能知道您的密码，或拿到过您的设备，请勾选。
password-change = 更改密码
problem-again = 两次输入的新密码不同。请输入相同的密码。
problem-too-short = { $min ->
   *[other] 新密码太短。请至少使用 { $min } 个字符。
}
problem-too-long = 新密码太长。最多使用 { $max } 个字节。
problem-control = 新密码包含控制字符。请使用文字、数字、符号和空格。
problem-looks-like = 新密码看起来像应用专用密码或恢复码，会被误认。请换一个。
problem-is-name = 新密码与账户名相同。请换一个。
problem-unchanged = 新密码与旧密码相同。请换一个。

## Activity and sessions

activity-title = 活动
activity-list = 活动记录
activity-none = 暂无记录。
activity-lead = 如果有些活动不是您本人所为：请更改密码，撤销不认识的应用专用密码，并生成新的恢复码。
activity-count = { $n ->
   *[other] 自 { $since } 起共 { $n } 次
}
activity-about = { $event } – { $app }
activity-by-administrator = 由管理员执行
activity-unknown = 其他事件：{ $name }
app-password-by-name = “{ $name }”，{ $id }
app-password-by-id = 应用专用密码 { $id }
sessions-title = 已登录
sessions-lead = 这里不包括邮件应用：它们各自使用应用专用密码。
sessions-end-others-lead = 使网页邮箱和所有其他浏览器退出登录。邮件应用照常工作。
sessions-end-others = 在其他所有地方退出登录
session-this = 此浏览器
session-panel = 本页面：账户设置
session-webmail = 网页邮箱
session-unknown-browser = 未知浏览器
session-opened = 登录于 { $time }
session-used = 上次使用：{ $time }
method-password = 使用密码
method-totp = 使用密码和验证码
method-recovery-code = 使用密码和恢复码
accepted-app-password = 邮件应用登录 – { $app }
accepted-app-password-unnamed = 邮件应用使用应用专用密码登录
accepted-client = 邮件应用使用邮箱密码登录
accepted-session = 使用网页邮箱
accepted-webmail = 登录网页邮箱
accepted-webmail-recovery-code = 使用恢复码登录网页邮箱
accepted-panel = 登录本页面
signed-out-webmail = 退出网页邮箱
signed-out-panel = 退出本页面

event-account-created = 账户已创建
event-account-disabled = 账户已停用
event-account-enabled = 账户已重新启用
event-account-renamed = 帐户已重命名
event-app-password-created = 已创建应用专用密码
event-app-password-revoked = 已撤销应用专用密码
event-authenticator-added = 已添加验证器
event-authenticator-removed = 已移除验证器
event-code-verified = 更改前再次输入了验证码
event-enrolment-begun = 已显示验证器的二维码
event-invitation-created = 已受邀启用两步验证
event-invitation-refused = 已拒绝：邀请码错误或已过期
event-invitation-revoked = 已撤销邀请
event-password-changed = 密码已更改
event-recovery-codes-replaced = 已生成新的恢复码
event-requirement-cleared = 已取消对此帐户两步验证的单独规定
event-session-closed = 已退出登录
event-session-revoked = 会话已在其他地方退出登录
event-two-factor-exempted = 不要求两步验证
event-two-factor-off = 两步验证已关闭
event-two-factor-on = 两步验证已启用
event-two-factor-required = 要求两步验证
event-two-factor-reset = 因设备丢失重置了两步验证

reason-account-changed = 已拒绝：账户在同一时刻被更改
    .step = 请重新登录。
reason-account-disabled = 已拒绝：账户已停用
    .step = 请联系管理员。
reason-app-password-expired = 已拒绝：应用专用密码已过期
    .step = 请为此应用创建新的。
reason-app-password-not-allowed-here = 已拒绝：在只接受邮箱密码的地方输入了应用专用密码
    .step = 应用专用密码只能用于邮件应用。
reason-app-password-required = 已拒绝：邮件应用使用了邮箱密码
    .step = 请创建应用专用密码，并输入该应用。
reason-app-password-revoked = 已拒绝：仍有设备在使用已撤销的应用专用密码
    .step = 如果设备仍属于您，请创建新的。如果已丢失，无需处理：它无法再登录。
reason-code-required = 密码正确，未输入验证码
    .step = 每次登录本页面都是这样开始的。如果不是您本人，说明有人知道您的密码：请更改。
reason-code-used = 已拒绝：验证码已使用过
    .step = 请等待下一个验证码。
reason-credential-too-long = 已拒绝：密码超出了长度上限
reason-empty-credential = 已拒绝：没有发送密码
    .step = 请在应用中重新输入密码。
reason-enrolment-required = 已拒绝：必须先启用两步验证
    .step = 请在这里启用。
reason-invalid-name = 已拒绝：用户名的写法不像账户名
    .step = 请检查空格和域名。
reason-network-not-allowed = 已拒绝：应用专用密码仅限其他网络使用
    .step = 如果设备经常移动，请创建没有此限制的。
reason-not-authenticated = 已拒绝：登录没有完成
    .step = 如果反复出现，请告知管理员。
reason-password-refused = 新密码未被接受
    .step = 请选择更长的密码。
reason-protocol-not-allowed = 已拒绝：应用专用密码仅限其他用途
    .step = 请创建可用于此用途的。
reason-protocol-unknown = 已拒绝：服务器没有说明用途
    .step = 请告知管理员。
reason-recovery-code-used = 已拒绝：恢复码已使用过
    .step = 请使用另一个。
reason-session-ended = 已拒绝：网页邮箱的会话已结束
    .step = 请重新登录网页邮箱。
reason-session-expired = 已拒绝：网页邮箱的会话已过期
    .step = 请重新登录网页邮箱。
reason-session-malformed = 已拒绝：网页邮箱发送的内容不是会话
    .step = 如果反复出现，请告知管理员。
reason-session-not-allowed-here = 已拒绝：网页邮箱的会话在这里无效
    .step = 如果反复出现，请告知管理员。
reason-session-reused = 已拒绝：网页邮箱的会话已使用过
    .step = 请重新登录网页邮箱。
reason-session-unconfirmed = 已拒绝：网页邮箱的登录没有完成
    .step = 请重新登录网页邮箱。
reason-session-unknown = 已拒绝：找不到网页邮箱的会话
    .step = 请重新登录网页邮箱。
reason-throttled = 已拒绝：失败次数过多
    .step = 请等待几分钟。如果不是您本人，说明有人在猜测：较长的密码和两步验证可以将其挡在门外。
reason-unknown-account = 已拒绝：没有这个账户
reason-wrong-app-password = 已拒绝：应用专用密码错误
    .step = 请为此应用创建新的。
reason-wrong-code = 已拒绝：密码正确，验证码错误
    .step = 如果不是您本人，说明有人知道您的密码：请更改。
reason-wrong-password = 已拒绝：密码错误
    .step = 如果您的某台设备还保存着旧密码，请在其中输入新密码。
reason-wrong-recovery-code = 已拒绝：密码正确，恢复码错误
    .step = 如果不是您本人，说明有人知道您的密码：请更改。

## Pages that say one thing

message-home = 前往概览
message-again = 重试
message-not-found-title = 没有这个页面
message-not-found = 地址有误，或者它指向的内容已不存在。
message-form-expired-title = 此表单已过期
message-form-expired = 没有任何更改。请重新打开页面并重试。如果再次发生，请允许此页面使用 Cookie。
message-secret-gone-title = 不再显示
message-secret-gone = 机密信息只显示一次，持续几分钟。如果您没有保存，请创建新的并撤销旧的。
message-too-many-requests-title = 请求过多
message-too-many-requests = 您的网络请求的页面超出了正常阅读的数量。请等待一分钟后重试。
message-out-of-service-title = 暂时无法使用
message-out-of-service = 目前无法访问您的账户。没有任何更改。请几分钟后重试；如果持续出现，请告知管理员。
message-internal-title = 出现问题
message-internal = 这是我们的错误，已记录下来。重复操作之前，请先查看上次的更改是否已完成。

## Notices by mail

notices-title = 通知
notices-lead = 当您邮箱的安全设置发生变化时，您会收到邮件：两步验证、应用专用密码、密码、恢复码、从新的位置登录。
notices-on = 向我发送通知
notices-address = 另一个地址
notices-address-hint = 此邮箱之外的地址，以防有一天您无法阅读此邮箱。每条通知也会发送到那里。
notices-language = 通知以您为这些页面选择的语言书写。
notices-save = 保存
notice-notices-saved = 您的选择已保存。
problem-notices-address = 这不是邮件地址。请按 name@example.org 的形式填写。
problem-notices-mailbox = 这是邮箱本身，它总会收到通知。请填写邮箱之外的地址。
activity-notices = 邮件通知

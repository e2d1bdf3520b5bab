# メールログイン：パネルの文言。手本である en.ftl と同じメッセージ。

## Around every page

product = メールログイン
skip = 本文へ移動
nav-label = メニュー
nav-overview = 概要
nav-two-factor = 2段階認証
nav-app-passwords = アプリパスワード
nav-password = パスワード
nav-activity = 履歴
language = 言語
support = ヘルプ
sign-out = ログアウト
cancel = キャンセル
copy = コピー
copied = コピーしました
copy-failed = 選択してコピーしてください
print = 印刷
optional = 任意
never = なし
wrong-prefix = エラー：
wrong-title = ご確認ください：
password-show = 表示
password-hide = 隠す
password-show-label = パスワードを表示
password-hide-label = パスワードを隠す

ago-now = たった今
ago-minutes = { $n ->
   *[other] { $n }分前
}
ago-hours = { $n ->
   *[other] { $n }時間前
}

must-enrol-from = { $time }から2段階認証が必須になります。それまでに有効にしてください。
must-enrol-link = 今すぐ有効にする
must-enrol-now = ここでは2段階認証が必須です。続けるには有効にしてください。その後、ほかの機能が使えるようになります。

## What was just done

notice-signed-out = ログアウトしました。
notice-two-factor-on = 2段階認証が有効になりました。
notice-two-factor-off = 2段階認証を無効にしました。確認コードとリカバリーコードは使えなくなりました。
notice-enrolment-cancelled = 何も変更されていません。
notice-authenticator-added = 認証アプリを追加しました。今からその確認コードを使えます。
notice-authenticator-removed = 認証アプリを削除しました。その確認コードは使えなくなりました。
notice-recovery-codes-replaced = 新しいリカバリーコードが有効になりました。古いものは使えません。
notice-app-password-created = アプリパスワードを使う準備ができました。
notice-app-password-revoked = アプリパスワードを取り消しました。もう使えません。
notice-app-passwords-revoked = すべてのアプリパスワードを取り消しました。もう使えません。
notice-password-changed = パスワードを変更しました。アプリパスワードは引き続き有効です。
notice-password-changed-and-revoked = パスワードを変更し、すべてのアプリパスワードを取り消しました。
notice-session-ended = そのセッションをログアウトさせました。
notice-other-sessions-ended = ほかのすべてのセッションをログアウトさせました。

## Signing in

sign-in-title = ログイン
sign-in-lead = メールボックスの2段階認証とアプリパスワード
sign-in-name = メールアドレス
sign-in-password = パスワード
sign-in-code-hint = 2段階認証が有効な場合：認証アプリの確認コード、またはリカバリーコード。
sign-in = ログイン
sign-in-not-app-password = メールボックスのパスワードを入力してください。アプリパスワードはメールアプリでのみ使えます。
second-step-title = 2段階目の確認
second-step-lead = パスワードは正しく入力されました。ご本人であることを確認してください：{ $name }
second-step-continue = ログイン
second-step-back = 別のアカウントでログインする
code = 確認コード
code-hint = 認証アプリに今表示されている{ $digits }桁の数字。
code-or-recovery-hint = 認証アプリに今表示されている{ $digits }桁の数字、またはリカバリーコード。
recovery-code = リカバリーコード
recovery-code-use = リカバリーコードを使う
recovery-code-hint = ハイフンも入力してください（例：ab2c-de3f-gh4j）。各コードは1回だけ使えます。
account-password = メールボックスのパスワード
prove-title = ご本人であることを確認してください
prove-code-lead = 前回の確認コードから数分たっています。変更の前に、もう一度入力してください。
prove-password-lead = 前回のパスワード入力から数分たっています。変更の前に、もう一度入力してください。
prove-continue = 続ける

problem-missing = すべての欄に入力してください。
problem-sign-in = メールアドレスかパスワード、または確認コードが正しくありません。確認してもう一度お試しください。
problem-wrong-password = パスワードが正しくありません。もう一度お試しください。
problem-code-shape = 確認コードの形式ではありません。認証アプリに今表示されている{ $digits }桁の数字を入力してください。
problem-wrong-code = 確認コードが正しくありません。次のコードを待ち、スマートフォンの時刻が自動設定になっているか確認してください。
problem-code-used = 各確認コードは1回だけ使えます。次のコードをお待ちください。
problem-wrong-recovery-code = リカバリーコードが正しくありません。最新のコードをハイフンも含めて入力してください。
problem-recovery-code-used = このリカバリーコードは使用済みです。別のコードを使ってください。
problem-invitation-missing = 招待コードを入力してください。お持ちでない場合は、管理者に依頼してください。
problem-invitation-shape = これは招待コードではありません。招待コードは4文字ずつ4組の英数字16文字です。
problem-invitation-wrong = 招待コードが正しくないか、すでに無効です。最新のものを確かめて入力するか、管理者に新しいものを依頼してください。
problem-invitation-expired = この招待コードは期限切れです。管理者に新しいものを依頼してください。
problem-app-password = アプリパスワードはメールアプリでのみ使えます。メールボックスのパスワードでログインしてください。
problem-disabled = このアカウントは無効になっています。管理者にお問い合わせください。
problem-password-expired = パスワードの有効期限が切れています。いつもの場所で変更してから、ここでログインしてください。
problem-throttled = 失敗が多すぎます。数分待ってから、もう一度お試しください。
problem-changed = 同時にアカウントが変更されました。もう一度お試しください。
problem-step-expired = 確認コードが時間内に入力されませんでした。もう一度ログインしてください。
problem-session-ended = ログインが終了しました。長時間使用されなかったか、有効期間の上限に達したか、別の場所で終了された可能性があります。もう一度ログインしてください。
problem-busy = ただいまログインが混み合っています。少し待ってから、もう一度お試しください。
problem-unavailable = 現在、パスワードを確認できません。後でもう一度お試しください。続く場合は管理者にお知らせください。

## Overview

overview-title = 概要
overview-manage = 管理
overview-turn-on = 2段階認証を有効にする
overview-authenticators = { $n ->
   *[other] 認証アプリ：{ $n }件
}
overview-app-passwords = { $n ->
    [0] アプリパスワードはまだありません。
   *[other] 有効なアプリパスワード：{ $n }件
}
overview-last = 最近のログイン
overview-all-activity = すべての履歴とセッション

attention-title = ご確認ください
attention-more = ほか{ $n }件：すべての履歴を見る
finding-not-you = 心当たりがなければ、誰かがパスワードを知っています。変更してください
finding-paused-codes = 誤った確認コードが多すぎます：{ $time }まで受け付けません
finding-paused-passwords = 誤ったパスワードが多すぎます：{ $time }まで、そこからのパスワードは確認されません
    .step = 何があったかを見る
finding-account-password-used = メールアプリがまだメールボックスのパスワードを使っていて、拒否されています
    .step = そのアプリ用のアプリパスワードを作成する
finding-code-in-mail-app = メールアプリにパスワードと確認コードが入力されました。代わりにアプリパスワードが必要です
    .step = そのアプリ用のアプリパスワードを作成する
finding-revoked-app-password-used = 取り消したアプリパスワードをまだ使っている端末があります
    .step = 端末が手元にあるなら、新しく作成する
finding-expired-app-password-used = 期限切れのアプリパスワードをまだ使っている端末があります
    .step = 新しく作成する
finding-app-password-for-other-protocols = アプリパスワードが対象外の用途に使われています
    .step = その用途に使えるものを作成する
finding-app-password-for-other-networks = アプリパスワードが許可されたネットワークの外で使われています
    .step = 持ち歩く端末には、制限のないものを作成する
finding-wrong-app-password = メールアプリに、あなたのものではないアプリパスワードが入っています
    .step = 先頭の文字を自分のアプリパスワードと比べる
finding-app-password-outside-mail-apps = ウェブメールにアプリパスワードが入力されました。そこではメールボックスのパスワードを使います
    .step = 何があったかを見る
finding-code-missing = ウェブメールに、確認コードなしでパスワードが入力されました
    .step = 確認コードも入力してください。
finding-wrong-code = パスワードは正しく、確認コードが誤っていました
    .step = スマートフォンの時刻が自動設定になっているか確認してください。
finding-wrong-recovery-code = パスワードは正しく、リカバリーコードが誤りか使用済みでした
    .step = 新しいリカバリーコードを作成する
finding-wrong-password = 以前に使ったことのあるアドレスから、誤ったパスワードが届きました
    .step = 端末に古いパスワードが残っていれば、正しいものを入力してください。
finding-guesses = { $n ->
    [1] メールボックスを開いたことのないアドレスから誤ったパスワードが届きました。誰かが推測しているか、新しい端末の設定が誤っています
   *[other] メールボックスを開いたことのない{ $n }か所のアドレスから誤ったパスワードが届きました。誰かが推測しています
}
    .step = 何があったかを見る
finding-enrolment-pending = 2段階認証はまだ有効ではありません。最初の確認コードを待っています
    .step = 続ける

## Two-factor sign-in

two-factor-title = 2段階認証
two-factor-is-on = 2段階認証は有効です
two-factor-is-off = 2段階認証は無効です
two-factor-lead = 2段階認証を使うと、パスワードが盗まれてもそれだけでは何も開けません。ウェブメールとこのページではスマートフォンの確認コードも必要になり、メールアプリにはそれぞれ専用のパスワードを使います。
two-factor-steps-title = 設定の流れ
two-factor-step-app = スマートフォンの認証アプリ（Aegis、FreeOTP、Google Authenticator、Microsoft Authenticator、2FASなど）、または確認コードを作れるパスワード管理アプリを用意します。
two-factor-step-scan = アプリでQRコードを読み取り、表示された確認コードを入力します。
two-factor-step-codes = スマートフォンをなくしたときのために、リカバリーコードを10個受け取ります。
two-factor-step-apps = メールボックスのパスワードを使っているメールアプリは使えなくなります。アプリごとにアプリパスワードを作成します。
two-factor-begin = 有効にする
invitation = 招待コード
invitation-lead = ここで有効にするには、管理者から受け取る招待コードが必要です。パスワードだけを知っている人が、あなたの代わりに有効にすることを防ぎます。
invitation-hint = 英数字16文字です（例：K7M2-9XQD-0011-ABCD）。大文字と小文字、空白、ハイフンは区別されません。
authenticators-title = 認証アプリ
authenticator-name = 認証アプリの名前
authenticator-name-hint = ほかと区別できる名前（例：「私のスマートフォン」）。
authenticator-proposed = スマートフォン
authenticator-since = { $date }に追加
authenticator-remove = 削除
authenticator-add = 別の認証アプリを追加する
authenticator-add-lead = 2台目のスマートフォンやパスワード管理アプリなどに追加できます。どの確認コードも使えます。
authenticator-begin = QRコードを表示
authenticator-remove-title = この認証アプリを削除しますか？
authenticator-remove-lead = { $name }の確認コードはすぐに使えなくなります。
authenticator-remove-effect-others = ほかの認証アプリとリカバリーコードはそのままです。
authenticator-remove-effect-app = その後、アプリ側の項目も削除してください。もう使えません。
authenticator-remove-do = 削除する
enrolment-waits = 認証アプリの追加が途中です。
enrolment-go-on = 続ける
enrolment-again = 認証アプリの追加が途中で終わっています。最初からやり直してください。新しいQRコードが表示され、古いものは使えません。
recovery-codes-title = リカバリーコード
recovery-codes-left = { $n ->
    [0] リカバリーコードは残っていません。新しく作成してください。
   *[other] 残りのリカバリーコード：{ $n }個
}
recovery-codes-lead = スマートフォンが手元にないとき、確認コードの代わりに1回ずつ使えます。
recovery-codes-new = 新しいリカバリーコードを作成する
recovery-codes-new-lead = 新しいコードを10個受け取ります。古いコードはすぐに使えなくなり、ウェブメールとほかのブラウザーはログアウトされます。
recovery-codes-make = 新しいコードを作成
recovery-codes-shown-lead = スマートフォンがなくても見つけられる場所に保管してください。印刷するか、パスワード管理アプリに入れます。各コードは1回だけ使えます。
recovery-codes-once = 再び表示されることはありません。続ける前に保管してください。
recovery-codes-save = ファイルに保存
recovery-codes-print = 各コードは1回だけ使えます。確認コードを求められたら、ハイフンも含めて入力してください。
recovery-codes-done = 保管しました
enrol-title-first = 2段階認証を有効にする
enrol-title-further = 認証アプリを追加する
enrol-lead = 2つの手順で{ $name }をメールボックスに結び付けます。
enrol-scan-title = 1. QRコードを読み取る
enrol-scan = 認証アプリを開き、アカウントの追加を選び、カメラをここに向けてください。
enrol-qr-label = 認証アプリ用のQRコード
enrol-open-app = アプリの入ったスマートフォンでご覧ですか？ここからアプリを開けます。
enrol-by-hand = シークレットを手で入力する
enrol-by-hand-lead = カメラを使えない場合は、アプリでキーの入力を選んでください。
enrol-secret = シークレット
enrol-form = 種類
enrol-form-is = 時間ベース、{ $digits }桁、{ $period }秒、{ $algorithm }
enrol-confirm-title = 2. 確認コードを入力する
enrol-code-hint = アプリのこの項目に今表示されている{ $digits }桁の数字。
enrol-confirm-first = 有効にする
enrol-confirm-further = 追加する
two-factor-off-title = 2段階認証を無効にする
two-factor-off-teaser = メールボックスのパスワードだけで、すべて開けるようになります。
two-factor-off-link = 無効にする…
two-factor-off-lead = 2段階認証を無効にすると：
two-factor-off-effect-password = メールボックスのパスワードだけで、ウェブメール、このページ、メールアプリを開けます。
two-factor-off-effect-codes = 認証アプリとリカバリーコードはすぐに使えなくなります。
two-factor-off-effect-apps = アプリパスワードは引き続き有効です。ウェブメールとほかのブラウザーはログアウトされます。
two-factor-off-effect-again = もう一度有効にするときは、新しいQRコードを読み取ります。古いものは二度と使えません。
two-factor-off-effect-invitation = もう一度有効にするには、管理者からの新しい招待コードが必要です。
two-factor-off-do = 無効にする
two-factor-off-keep = 有効のままにする

## App passwords

app-passwords-title = アプリパスワード
app-passwords-lead = メールアプリごとに専用のパスワードを使います。端末をなくしたらそのパスワードを取り消せば、ほかはそのまま使えます。
app-passwords-lead-off = メールアプリごとに専用のパスワードを使えます。端末をなくしたらそのパスワードを取り消せば、ほかはそのまま使えます。2段階認証が有効な場合は、すべてのメールアプリに必要です。
app-passwords-none = まだありません。
app-passwords-ended = { $n ->
   *[other] 取り消し済みまたは期限切れ：{ $n }件
}
app-password-new = 新しいアプリパスワード
app-password-id = 先頭の文字
app-password-for = 用途
app-password-for-hint = 通常のメールアプリなら、このままで使えます。
app-password-created = 作成日
app-password-used = 最後の使用
app-password-from = 使える場所
app-password-revoked = 取り消し日
app-password-expires = 有効期限
app-password-expired = 期限切れ
app-password-name = 名前
app-password-name-hint = アプリと端末（例：「ノートパソコンのThunderbird」）。
app-password-limits = 制限：有効期間とネットワーク
app-password-expiry = 有効期間
app-password-networks = 使えるネットワークを限定する
app-password-networks-hint = アドレスまたはネットワークをカンマで区切ります（例：192.0.2.7, 2001:db8::/32）。持ち歩く端末では空欄にしてください。
app-password-make = アプリパスワードを作成
protocol-imap = IMAP
protocol-pop3 = POP3
protocol-smtp = SMTP
protocol-sieve = Sieve
protocol-imap-for = メールを読む（IMAP）
protocol-pop3-for = メールを取り込む（POP3）
protocol-smtp-for = メールを送る（SMTP）
protocol-sieve-for = フィルター（Sieve）
expires-never = 取り消すまで
expires-30d = 30日間
expires-90d = 90日間
expires-1y = 1年間
expires-date = 指定した日まで：
expires-date-label = 最終日
problem-name-empty = ほかと区別できるように名前を付けてください。
problem-name-long = 名前が長すぎます。{ $max }文字以内にしてください。
problem-name-unprintable = 名前に表示できない文字が含まれています。文字、数字、記号、空白を使ってください。
problem-no-protocol = 用途を1つ以上選んでください。選ばないと何にも使えません。
problem-no-date = 使える最後の日を選んでください。
problem-expiry-past = その日は過ぎています。後の日を選んでください。
problem-network = 「{ $network }」はアドレスでもネットワークでもありません。192.0.2.7や192.0.2.0/24のように入力してください。
problem-too-many = アプリパスワードが{ $most }件あり、これ以上は作れません。使っていないものを取り消してください。
new-app-password-title = 新しいアプリパスワード
new-app-password-lead = 端末とアプリごとに1つずつ作成してください。
created-title = 新しいアプリパスワード
created-lead = メールボックスのパスワードの代わりに、今{ $name }に入力してください。
created-secret = アプリパスワード
created-once = 今だけ表示されます。覚える必要はありません。別の端末には新しく作成してください。
created-qr = QRコードで表示
created-qr-lead = スマートフォンのカメラで読み取り、メールアプリにコピーしてください。
created-qr-label = アプリパスワードのQRコード
created-settings = メールアプリの設定
created-settings-lead = 多くのアプリは自動で見つけます。尋ねられたら次のとおり入力してください：
created-no-servers = サーバー名は管理者にお問い合わせください。
created-profile-title = iPhone、iPad、Mac
created-profile-lead = このファイルを端末で開くと、Appleの「メール」アプリに必要な設定がすべて行われます。
created-profile = 構成プロファイル
created-profile-warning = ファイルにはアプリパスワードが含まれています。インストールしたら削除してください。
created-profile-without = アプリパスワードを含まないプロファイル
created-expires = { $date }まで使えます。
created-done = 完了
settings-user = ユーザー名
settings-password = パスワード
settings-password-is = 上のアプリパスワード
settings-imap = 受信メール：IMAP
settings-pop3 = 受信メール：POP3
settings-smtp = 送信メール：SMTP
settings-sieve = フィルター：ManageSieve
settings-host = サーバー
settings-port = ポート
settings-security = 暗号化
settings-tls = SSL/TLS
settings-starttls = STARTTLS
revoke = 取り消す
revoke-title = 「{ $name }」を取り消しますか？
revoke-lead = { $name }はすぐに使えなくなり、メールの受信も送信もできなくなります。
revoke-used = 最後の使用：{ $time }
revoke-again = 元に戻すことはできません。同じアプリ用に、いつでも新しいアプリパスワードを作成できます。
revoke-do = 取り消す
revoke-keep = そのままにする
revoke-all-link = すべて取り消す
revoke-all-title = { $n ->
   *[other] アプリパスワード{ $n }件をすべて取り消しますか？
}
revoke-all-lead = すべての端末のすべてのメールアプリがすぐに使えなくなります。使うにはそれぞれに新しいアプリパスワードが必要です。
revoke-all-do = すべて取り消す

## Password

password-title = パスワード
password-lead = メールボックスのパスワードです。ウェブメールとこのページで使います。
password-elsewhere = メールボックスのパスワードは別のシステムで管理されており、ここでは変更できません。パソコンや組織のパスワードを変更する場所で変更するか、管理者にお問い合わせください。
password-current = 現在のパスワード
password-new = 新しいパスワード
password-new-hint = { $min ->
   *[other] { $min }文字以上。複雑さよりも長さが大切です。
}
password-again = 新しいパスワード（もう一度）
password-effects-title = 変更すると
password-effect-sessions = ウェブメールとほかのすべてのブラウザーがログアウトされます。
password-effect-app-passwords = { $n ->
   *[other] アプリパスワード{ $n }件は、下で選ばないかぎり引き続き有効です。
}
password-revoke = すべてのアプリパスワードも取り消す
password-revoke-hint = ほかの人がパスワードを知っている可能性がある場合や、端末がほかの人の手に渡った場合に選んでください。
password-change = パスワードを変更
problem-again = 新しいパスワードが一致しません。同じものを2回入力してください。
problem-too-short = { $min ->
   *[other] 新しいパスワードが短すぎます。{ $min }文字以上にしてください。
}
problem-too-long = 新しいパスワードが長すぎます。{ $max }バイト以内にしてください。
problem-control = 新しいパスワードに制御文字が含まれています。文字、数字、記号、空白を使ってください。
problem-looks-like = 新しいパスワードがアプリパスワードやリカバリーコードと同じ形で、取り違えられます。別のものにしてください。
problem-is-name = 新しいパスワードがアカウント名と同じです。別のものにしてください。
problem-unchanged = 新しいパスワードが今のものと同じです。別のものにしてください。

## Activity and sessions

activity-title = 履歴
activity-list = これまでの出来事
activity-none = まだありません。
activity-lead = 心当たりのないものがあれば、パスワードを変更し、知らないアプリパスワードを取り消し、新しいリカバリーコードを作成してください。
activity-count = { $n ->
   *[other] { $since }から{ $n }回
}
activity-about = { $event } – { $app }
activity-by-administrator = 管理者による
activity-unknown = その他の出来事：{ $name }
app-password-by-name = 「{ $name }」、{ $id }
app-password-by-id = アプリパスワード{ $id }
sessions-title = ログイン中
sessions-lead = メールアプリは含まれません。それぞれがアプリパスワードを使います。
sessions-end-others-lead = ウェブメールとほかのすべてのブラウザーをログアウトさせます。メールアプリはそのまま使えます。
sessions-end-others = ほかをすべてログアウト
session-this = このブラウザー
session-panel = このページ：アカウント設定
session-webmail = ウェブメール
session-unknown-browser = 不明なブラウザー
session-opened = ログイン：{ $time }
session-used = 最後の使用：{ $time }
method-password = パスワード
method-totp = パスワードと確認コード
method-recovery-code = パスワードとリカバリーコード
accepted-app-password = メールアプリがログイン – { $app }
accepted-app-password-unnamed = メールアプリがアプリパスワードでログイン
accepted-client = メールアプリがメールボックスのパスワードでログイン
accepted-session = ウェブメールを使用
accepted-webmail = ウェブメールにログイン
accepted-webmail-recovery-code = リカバリーコードでウェブメールにログイン
accepted-panel = このページにログイン
signed-out-webmail = ウェブメールからログアウト
signed-out-panel = このページからログアウト

event-account-created = アカウントを作成
event-account-disabled = アカウントを無効化
event-account-enabled = アカウントを再び有効化
event-account-renamed = アカウント名を変更
event-app-password-created = アプリパスワードを作成
event-app-password-revoked = アプリパスワードを取り消し
event-authenticator-added = 認証アプリを追加
event-authenticator-removed = 認証アプリを削除
event-code-verified = 変更の前に確認コードを再入力
event-enrolment-begun = 認証アプリ用のQRコードを表示
event-invitation-created = 2段階認証への招待
event-invitation-refused = 拒否：招待コードが正しくないか期限切れ
event-invitation-revoked = 招待を取り消し
event-password-changed = パスワードを変更
event-recovery-codes-replaced = 新しいリカバリーコードを作成
event-requirement-cleared = 2段階認証についての個別の設定を解除
event-session-closed = ログアウト
event-session-revoked = 別の場所からセッションをログアウト
event-two-factor-exempted = 2段階認証は必須ではない
event-two-factor-off = 2段階認証を無効化
event-two-factor-on = 2段階認証を有効化
event-two-factor-required = 2段階認証が必須
event-two-factor-reset = 紛失のため2段階認証をリセット

reason-account-changed = 拒否：同時にアカウントが変更されました
    .step = もう一度ログインしてください。
reason-account-disabled = 拒否：アカウントが無効です
    .step = 管理者にお問い合わせください。
reason-app-password-expired = 拒否：アプリパスワードの期限が切れています
    .step = このアプリ用に新しく作成してください。
reason-app-password-not-allowed-here = 拒否：メールボックスのパスワードが必要な場所でアプリパスワードが入力されました
    .step = アプリパスワードはメールアプリでのみ使ってください。
reason-app-password-required = 拒否：メールアプリがメールボックスのパスワードを使いました
    .step = アプリパスワードを作成し、そのアプリに入力してください。
reason-app-password-revoked = 拒否：取り消したアプリパスワードがまだ使われています
    .step = 端末が手元にあるなら新しく作成してください。なくした端末なら何もする必要はありません。入れないままです。
reason-code-required = パスワードは正しく、確認コードは未入力
    .step = このページへのログインは必ずこう始まります。心当たりがなければ、誰かがパスワードを知っています。変更してください。
reason-code-used = 拒否：確認コードは使用済みでした
    .step = 次のコードをお待ちください。
reason-credential-too-long = 拒否：パスワードが上限より長いものでした
reason-empty-credential = 拒否：パスワードが送られませんでした
    .step = アプリにパスワードを入力し直してください。
reason-enrolment-required = 拒否：先に2段階認証を有効にする必要があります
    .step = ここで有効にしてください。
reason-invalid-name = 拒否：ユーザー名がアカウント名の形式ではありません
    .step = 空白とドメインを確認してください。
reason-network-not-allowed = 拒否：アプリパスワードはほかのネットワークに限定されています
    .step = 持ち歩く端末には、制限のないものを作成してください。
reason-not-authenticated = 拒否：ログインが完了しませんでした
    .step = 繰り返す場合は管理者にお知らせください。
reason-password-refused = 新しいパスワードは受け付けられませんでした
    .step = もっと長いものにしてください。
reason-protocol-not-allowed = 拒否：アプリパスワードはほかの用途に限定されています
    .step = この用途に使えるものを作成してください。
reason-protocol-unknown = 拒否：サーバーが用途を伝えませんでした
    .step = 管理者にお知らせください。
reason-recovery-code-used = 拒否：リカバリーコードは使用済みでした
    .step = 別のコードを使ってください。
reason-session-ended = 拒否：ウェブメールのセッションは終了しています
    .step = ウェブメールにもう一度ログインしてください。
reason-session-expired = 拒否：ウェブメールのセッションの期限が切れています
    .step = ウェブメールにもう一度ログインしてください。
reason-session-malformed = 拒否：ウェブメールがセッションではないものを送りました
    .step = 繰り返す場合は管理者にお知らせください。
reason-session-not-allowed-here = 拒否：ウェブメールのセッションはここでは使えません
    .step = 繰り返す場合は管理者にお知らせください。
reason-session-reused = 拒否：ウェブメールのセッションは使用済みでした
    .step = ウェブメールにもう一度ログインしてください。
reason-session-unconfirmed = 拒否：ウェブメールへのログインが完了しませんでした
    .step = ウェブメールにもう一度ログインしてください。
reason-session-unknown = 拒否：ウェブメールのセッションが見つかりません
    .step = ウェブメールにもう一度ログインしてください。
reason-throttled = 拒否：失敗が多すぎます
    .step = 数分お待ちください。心当たりがなければ、誰かが推測しています。長いパスワードと2段階認証で防げます。
reason-unknown-account = 拒否：そのようなアカウントはありません
reason-wrong-app-password = 拒否：アプリパスワードが正しくありません
    .step = このアプリ用に新しく作成してください。
reason-wrong-code = 拒否：パスワードは正しく、確認コードが誤り
    .step = 心当たりがなければ、誰かがパスワードを知っています。変更してください。
reason-wrong-password = 拒否：パスワードが正しくありません
    .step = 端末に古いパスワードが残っていれば、新しいものを入力してください。
reason-wrong-recovery-code = 拒否：パスワードは正しく、リカバリーコードが誤り
    .step = 心当たりがなければ、誰かがパスワードを知っています。変更してください。

## Pages that say one thing

message-home = 概要へ
message-again = もう一度試す
message-not-found-title = ページが見つかりません
message-not-found = アドレスが間違っているか、リンク先がなくなりました。
message-form-expired-title = このフォームは期限切れです
message-form-expired = 何も変更されていません。ページを開き直して、もう一度お試しください。繰り返す場合は、このページのCookieを許可してください。
message-secret-gone-title = もう表示されません
message-secret-gone = 秘密の情報は数分間、1回だけ表示されます。保管していない場合は新しく作成し、古いものを取り消してください。
message-too-many-requests-title = リクエストが多すぎます
message-too-many-requests = お使いのネットワークから、読み切れないほどのページが要求されました。1分待ってから、もう一度お試しください。
message-out-of-service-title = ただいま利用できません
message-out-of-service = 現在、アカウントに接続できません。何も変更されていません。数分後にもう一度お試しください。続く場合は管理者にお知らせください。
message-internal-title = 問題が発生しました
message-internal = こちら側の誤りで、記録されました。繰り返す前に、最後の変更が行われたか確認してください。

## Notices by mail

notices-title = お知らせ
notices-lead = メールボックスのセキュリティに変更があると、メールでお知らせします。2段階認証、アプリパスワード、パスワード、リカバリーコード、新しい場所からのサインインが対象です。
notices-on = お知らせを受け取る
notices-address = もう一つのアドレス
notices-address-hint = このメールボックスが読めなくなったときのための、外部のアドレスです。すべてのお知らせがここにも届きます。
notices-language = お知らせは、これらのページで選んだ言語で書かれます。
notices-save = 保存
notice-notices-saved = 設定を保存しました。
problem-notices-address = メールアドレスではありません。name@example.org のように入力してください。
problem-notices-mailbox = これはメールボックス自身のアドレスです。お知らせは必ず届くので、外部のアドレスを入力してください。
activity-notices = メールでのお知らせ

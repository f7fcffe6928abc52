//! Problems with requests (RFC 9457): one catalogue, in Japanese and English.
//!
//! A published identifier is never given a second meaning. Detail for a log never travels.

use std::fmt;

use careplan_standard::{Lang, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Finding;

/// Who must act for the request to succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActsNext {
    /// The office: its people, certificate, password, licence or files.
    Office,
    /// The software that made the request.
    Software,
    /// Whoever runs the service.
    Operator,
}

/// A problem's entry in the catalogue.
struct Entry {
    kind: ProblemKind,
    id: &'static str,
    status: u16,
    acts_next: ActsNext,
    title: Text,
    next_step: Text,
}

macro_rules! catalogue {
    ($($kind:ident, $id:literal, $status:literal, $who:ident,
       $title_ja:literal, $title_en:literal, $next_ja:literal, $next_en:literal;)*) => {
        /// Every problem that the hub, the CA or a client may report.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ProblemKind {
            $(#[doc = concat!("`", $id, "`: ", $title_en, ".")] $kind,)*
        }

        /// In the order of the variants.
        const CATALOGUE: &[Entry] = &[$(Entry {
            kind: ProblemKind::$kind,
            id: $id,
            status: $status,
            acts_next: ActsNext::$who,
            title: Text { ja: $title_ja, en: $title_en },
            next_step: Text { ja: $next_ja, en: $next_en },
        },)*];
    };
}

catalogue! {
    RequestMalformed, "request-malformed", 400, Software,
        "要求の形が正しくありません",
        "The request is malformed",
        "介護ソフト・クライアントの提供元に連絡してください",
        "Ask the vendor of the client";
    ContentEncoding, "content-encoding", 415, Software,
        "圧縮した要求は受け付けません",
        "Compressed requests are not taken",
        "Content-Encoding を付けずに送ってください",
        "Send without a Content-Encoding";
    RequestTimeout, "request-timeout", 408, Office,
        "送信が時間内に届きませんでした",
        "The request did not arrive in time",
        "回線を確かめて、もう一度送信してください",
        "Check the line and send again";
    HeadTooLarge, "head-too-large", 431, Software,
        "要求のヘッダーまたはアドレスが長すぎます",
        "The request's headers or its address are too long",
        "介護ソフト・クライアントの提供元に連絡してください",
        "Ask the vendor of the client";
    TlsRequired, "tls-required", 400, Software,
        "この窓口はTLS（https）だけを受け付けます",
        "This port speaks TLS (https) only",
        "接続先を https:// で始めてください",
        "Use an address that begins with https://";
    NotFound, "not-found", 404, Software,
        "指定されたものは見つかりません",
        "There is nothing of that name",
        "一覧を開き直し、IDとファイル名を確かめてください",
        "Open the list again and check the id and the file name";
    MethodNotAllowed, "method-not-allowed", 405, Software,
        "この要求はここでは使えません",
        "This request cannot be made here",
        "介護ソフト・クライアントの提供元に連絡してください",
        "Ask the vendor of the client";
    CertificateMissing, "certificate-missing", 403, Office,
        "クライアント証明書が提示されていません",
        "No client certificate was presented",
        "証明書をこの端末にインストールしてから接続してください",
        "Install the certificate on this terminal and connect again";
    CertificateUnknownIssuer, "certificate-unknown-issuer", 403, Office,
        "この認証局が発行した証明書ではありません",
        "The certificate was not issued by this CA",
        "電子請求受付システムで発行した証明書を選び直してください",
        "Choose the certificate that this CA issued";
    CertificateExpired, "certificate-expired", 403, Office,
        "証明書の有効期限が切れています",
        "The certificate has expired",
        "証明書を更新し、インストールし直してください",
        "Renew the certificate and install it";
    CertificateNotYetValid, "certificate-not-yet-valid", 403, Office,
        "証明書の有効期間がまだ始まっていません",
        "The certificate is not valid yet",
        "端末の日付を確かめ、開始日以降に使ってください",
        "Check this terminal's date, or wait for the first day";
    CertificateRevoked, "certificate-revoked", 403, Office,
        "証明書は失効しています",
        "The certificate has been revoked",
        "証明書の発行を申請し直してください",
        "Apply for a new certificate";
    CertificateRefused, "certificate-refused", 403, Office,
        "証明書を受け付けられません",
        "The certificate is not acceptable",
        "証明書を発行し直し、インストールし直してください",
        "Have the certificate issued again and install it";
    CertificateKind, "certificate-kind", 403, Office,
        "この種類の証明書は使えません（介護保険証明書または請求委任事業所用ケアプラン証明書が必要です）",
        "A certificate of this kind is not accepted (介護保険証明書 or 請求委任事業所用ケアプラン証明書 is needed)",
        "正しい種類の証明書を選ぶか、発行を申請してください",
        "Choose a certificate of the right kind, or apply for one";
    CertificateWithoutOffice, "certificate-without-office", 403, Office,
        "証明書に事業所番号がありません",
        "The certificate carries no office number",
        "証明書を発行し直してください",
        "Have the certificate issued again";
    CertificateOfficeMalformed, "certificate-office-malformed", 403, Office,
        "証明書の事業所番号の形が正しくありません（10桁。3桁目だけ大文字のAがあり得ます）",
        "The office number in the certificate is malformed (ten digits; the third may be a capital A)",
        "認証局に連絡し、証明書を発行し直してください",
        "Tell the CA and have the certificate issued again";
    CertificateNameAmbiguous, "certificate-name-ambiguous", 403, Office,
        "証明書に事業所番号（CN）または種類（OU）が2つ以上あります",
        "The certificate carries more than one office number (CN) or kind (OU)",
        "認証局に連絡し、証明書を発行し直してください",
        "Tell the CA and have the certificate issued again";
    CertificateSelfSigned, "certificate-self-signed", 403, Office,
        "自分で署名した証明書です（認証局が発行したものではありません）",
        "The certificate is signed by itself, not by the CA",
        "認証局が発行した証明書を選び直してください",
        "Choose the certificate that the CA issued";
    CertificateUsage, "certificate-usage", 403, Office,
        "証明書の用途がクライアント認証ではありません",
        "The certificate is not meant for client authentication",
        "事業所用のクライアント証明書を選び直してください（サーバー用・メール用は使えません）",
        "Choose the office's client certificate; one for servers or mail will not do";
    CertificateIsAuthority, "certificate-is-authority", 403, Office,
        "認証局の証明書です（事業所の証明書ではありません）",
        "The certificate is an authority's, not an office's",
        "発行された証明書のうち、事業所番号が入っているものを選び直してください",
        "Choose the one with the office number among the certificates issued";
    CertificateKeyWeak, "certificate-key-weak", 403, Office,
        "証明書の鍵が弱すぎます（RSA 2048ビット以上かECDSA P-256以上が必要です）",
        "The certificate's key is too weak (RSA of 2048 bits or ECDSA P-256 at least)",
        "新しい鍵で証明書を発行し直してください",
        "Have the certificate issued again with a new key";
    CertificateSignatureWeak, "certificate-signature-weak", 403, Office,
        "証明書の署名方式が古すぎます（SHA-256以上が必要です）",
        "The certificate's signature is of an outdated kind (SHA-256 at least)",
        "認証局に連絡し、証明書を発行し直してください",
        "Tell the CA and have the certificate issued again";
    CertificateAltered, "certificate-altered", 403, Office,
        "証明書の内容が署名と合いません（発行後に書き換わっています）",
        "The certificate does not match its signature: it was changed after it was issued",
        "発行された元のファイルからインストールし直してください",
        "Install it again from the file that was issued";
    CertificateExtensionUnknown, "certificate-extension-unknown", 403, Office,
        "証明書に、必ず解釈すべき未知の拡張項目があります",
        "The certificate has a critical extension that is not known here",
        "認証局に連絡し、証明書を発行し直してください",
        "Tell the CA and have the certificate issued again";
    CertificateChainOrder, "certificate-chain-order", 403, Office,
        "証明書チェーンの順序が違います（事業所の証明書が先頭ではありません）",
        "The certificate chain is out of order: the office's own is not the first",
        "事業所の証明書を先頭に、中間証明書をその次に並べてください",
        "Put the office's certificate first and the issuing CA's next";
    CertificateChainIncomplete, "certificate-chain-incomplete", 403, Office,
        "中間証明書が足りません",
        "An intermediate certificate is missing",
        "中間証明書を含むファイルでインストールし直してください",
        "Install it again from a file that has the issuing CA's certificate in it";
    CertificateIssuerExpired, "certificate-issuer-expired", 403, Operator,
        "中間証明書（発行した認証局の証明書）が有効期間の外です",
        "The issuing CA's own certificate is outside its validity",
        "認証局に連絡し、新しい中間証明書を受け取ってください",
        "Ask the CA for its new certificate";
    CertificateIssuerInvalid, "certificate-issuer-invalid", 403, Operator,
        "発行者は証明書を発行できる認証局ではありません",
        "The issuer may not issue certificates",
        "認証局に連絡し、証明書を発行し直してください",
        "Tell the CA and have the certificate issued again";
    CertificateDamaged, "certificate-damaged", 422, Office,
        "証明書または秘密鍵のファイルが壊れています",
        "The file of the certificate or of its key is damaged",
        "発行された元のファイルからインストールし直してください",
        "Install it again from the file that was issued";
    CertificateFileEmpty, "certificate-file-empty", 422, Office,
        "証明書または秘密鍵のファイルが空です",
        "The file of the certificate or of its key is empty",
        "ダウンロードし直すか、正しいファイルを選んでください",
        "Download it again, or choose the right file";
    CertificateFileForm, "certificate-file-form", 422, Office,
        "証明書または秘密鍵のファイルの形式が違います（PEMが必要です）",
        "The file of the certificate or of its key is not of the right form (PEM)",
        "メモ帳などで保存し直さず、発行された元のファイルを選んでください",
        "Choose the file as it was issued, not one saved again by an editor";
    CertificateKeyMissing, "certificate-key-missing", 422, Office,
        "秘密鍵が入っていません",
        "There is no private key",
        "秘密鍵を含めてエクスポートしたファイルを選んでください",
        "Choose a file that was exported with its private key";
    CertificateKeyForm, "certificate-key-form", 422, Office,
        "秘密鍵の形式が使えません（暗号化されていないPKCS#8・SEC1・PKCS#1のPEMが必要です）",
        "The private key's form cannot be used (PEM of PKCS#8, SEC1 or PKCS#1, not encrypted)",
        "発行された元の秘密鍵を選び直してください",
        "Choose the private key as it was issued";
    CertificateKeysSeveral, "certificate-keys-several", 422, Office,
        "秘密鍵が2つ以上入っています",
        "There is more than one private key",
        "証明書と対になる秘密鍵だけのファイルにしてください",
        "Leave in the file only the key that belongs to the certificate";
    CertificateKeyMismatch, "certificate-key-mismatch", 422, Office,
        "秘密鍵が証明書と対になっていません",
        "The private key does not belong to the certificate",
        "同じときに発行された証明書と秘密鍵を選び直してください",
        "Choose the certificate and the key that were issued together";
    Pkcs12PasswordWrong, "pkcs12-password-wrong", 422, Office,
        "PKCS#12ファイルのパスワードが違います",
        "The password of the PKCS#12 file is wrong",
        "このファイルを受け取ったときの証明書発行用パスワードを入力してください",
        "Type the 証明書発行用パスワード that came with this file";
    Pkcs12Damaged, "pkcs12-damaged", 422, Office,
        "PKCS#12ファイルが壊れています",
        "The PKCS#12 file is damaged",
        "ダウンロードし直してください",
        "Download it again";
    Pkcs12CipherOld, "pkcs12-cipher-old", 422, Office,
        "PKCS#12ファイルの暗号方式が古く、開けません",
        "The PKCS#12 file is encrypted in an outdated way and cannot be opened",
        "AES-256を選んでエクスポートし直すか、ダウンロードし直してください",
        "Export it again with AES-256, or download it again";
    CertificateInForce, "certificate-in-force", 409, Office,
        "この事業所番号には有効な証明書がすでにあります",
        "This office number has a certificate in force already",
        "別の端末には同じ証明書を入れてください。期限が近ければ更新を、失くしたときは再発行を申請してください",
        "Install the same one on other terminals; apply for renewal near its end, for re-issue if it is lost";
    RenewalTooEarly, "renewal-too-early", 409, Office,
        "証明書の更新はまだ申請できません",
        "The certificate cannot be renewed yet",
        "有効期限の90日前から申請してください。失くしたときは再発行を申請してください",
        "Apply from 90 days before its end; if it is lost, apply for re-issue";
    AgentOfficesFull, "agent-offices-full", 409, Office,
        "代理人が請求できる事業所は100までです",
        "An agent may bill for 100 offices at most",
        "受任を終えた事業所を外すか、別の代理人証明書を使ってください",
        "Take an office off the list, or use another agent's certificate";
    IdentityMismatch, "identity-mismatch", 403, Office,
        "証明書・ユーザID・送信元事業所番号が同じ事業所のものではありません",
        "Certificate, user ID and sender are not one office",
        "自事業所の証明書とユーザIDを使い、送信元事業所番号を確かめてください",
        "Use this office's own certificate and user ID, and check the sender's office number";
    LoginFailed, "login-failed", 401, Office,
        "ユーザIDまたはパスワードが違います",
        "The user ID or the password is wrong",
        "入力し直してください。続けて間違えるとロックされます",
        "Type them again; repeated failures lock the account";
    PasswordTemporary, "password-temporary", 403, Office,
        "仮パスワードのままではログインできません",
        "A temporary password cannot log in",
        "パスワードを変更してからログインしてください",
        "Change the password, then log in";
    PasswordExpired, "password-expired", 403, Office,
        "パスワードの有効期限が切れています",
        "The password has expired",
        "パスワードを変更してからログインしてください",
        "Change the password, then log in";
    PasswordLocked, "password-locked", 403, Office,
        "パスワードの誤りが続いたためロックされています",
        "The account is locked after repeated failures",
        "パスワードの再発行を申請してください",
        "Have the password issued again";
    PasswordWeak, "password-weak", 422, Office,
        "新しいパスワードが規則に合いません（8文字以上、今のものと別）",
        "The new password breaks the rules (8 characters or more, not the present one)",
        "別のパスワードを選んでください",
        "Choose another password";
    IssuePasswordWrong, "issue-password-wrong", 403, Office,
        "証明書発行用パスワードが違います",
        "The 証明書発行用パスワード is wrong",
        "通知を確かめて入力し直すか、再発行を申請してください",
        "Check the notice and type it again, or have it issued again";
    IssuePasswordExpired, "issue-password-expired", 403, Office,
        "証明書発行用パスワードの有効期限が切れています",
        "The 証明書発行用パスワード has expired",
        "証明書発行用パスワードの再発行を申請してください",
        "Have the 証明書発行用パスワード issued again";
    IssuePasswordLocked, "issue-password-locked", 403, Office,
        "証明書発行用パスワードの誤りが続いたためロックされています",
        "The 証明書発行用パスワード is locked after repeated failures",
        "証明書発行用パスワードの再発行を申請してください",
        "Have the 証明書発行用パスワード issued again";
    SessionMissing, "session-missing", 401, Software,
        "ログインしていません",
        "There is no session",
        "ログインしてから操作してください",
        "Log in first";
    SessionExpired, "session-expired", 401, Software,
        "ログインの有効時間が過ぎました",
        "The session has expired",
        "もう一度ログインしてください",
        "Log in again";
    SessionElsewhere, "session-elsewhere", 403, Software,
        "このログインは別の証明書のものです",
        "The session belongs to another certificate",
        "この端末でログインし直してください",
        "Log in on this terminal";
    SessionOtherTerminal, "session-other-terminal", 403, Software,
        "このログインは別の端末のものです",
        "The session belongs to another terminal",
        "この端末でログインし直してください",
        "Log in on this terminal";
    LicenceMissing, "licence-missing", 403, Office,
        "自事業所のライセンスがありません",
        "This office has no licence",
        "利用申請をしてください",
        "Apply for the licence";
    LicenceExpired, "licence-expired", 403, Office,
        "自事業所のライセンスの期限が切れています",
        "This office's licence has expired",
        "ライセンスを更新してください",
        "Renew the licence";
    LicenceInForce, "licence-in-force", 409, Office,
        "ライセンスはまだ有効です",
        "The licence is in force",
        "期限のあとに申請するか、更新してください",
        "Apply after its end, or renew it";
    FreePassUsed, "free-pass-used", 409, Office,
        "フリーパスは1つの事業所番号につき1回だけです",
        "The フリーパス is had once per office number",
        "通常のライセンスを申請してください",
        "Apply for an ordinary licence";
    FreePassClosed, "free-pass-closed", 422, Office,
        "フリーパスの申請期間（2025年6月1日～2026年5月31日）ではありません",
        "The フリーパス can be applied for from 1 June 2025 to 31 May 2026 only",
        "通常のライセンスを申請してください",
        "Apply for an ordinary licence";
    RecipientUnknown, "recipient-unknown", 422, Office,
        "送信先の事業所は登録されていません",
        "The recipient is not known here",
        "事業所番号を確かめ、相手が利用しているか利用事業所一覧で確かめてください",
        "Check the office number, and in the directory whether it takes part";
    RecipientKindUnknown, "recipient-kind-unknown", 422, Office,
        "送信先の事業所はこのサービス種類を行っていません",
        "The recipient does not provide this service kind",
        "ファイル名の送信先サービス種類コードを確かめてください",
        "Check the recipient's service kind in the file names";
    SenderKindUnknown, "sender-kind-unknown", 422, Office,
        "自事業所はこのサービス種類では登録されていません",
        "This office is not registered with this service kind",
        "ファイル名の送信元サービス種類コードを確かめてください",
        "Check the sender's service kind in the file names";
    SenderRole, "sender-role", 422, Office,
        "自事業所のサービス種類では送信できないファイルです",
        "An office of these service kinds does not send such a file",
        "予定は居宅介護支援・地域包括支援センターから、実績はサービス事業所から送ります。ファイルを確かめてください",
        "Plans come from those who plan, results from those who provide; check the files";
    RecipientRole, "recipient-role", 422, Office,
        "送信先のサービス種類では受け取らないファイルです",
        "An office of the recipient's service kinds does not receive such a file",
        "送信先とファイルを確かめてください",
        "Check the recipient and the files";
    RecipientVersion, "recipient-version", 422, Office,
        "送信先の介護ソフトは、このCSVバージョンのファイルを取り込めません",
        "The recipient's care software does not take files of this CSV version",
        "careplan convert で相手の版に変換するか、PDFで送ってください（第3表と介護予防のファイルは4.1版にしかないので、PDFで）",
        "Convert them with careplan convert, or send a PDF (第3表 and the files of 介護予防 exist in 4.1 only: a PDF)";
    RecipientLicence, "recipient-licence", 422, Office,
        "送信先の事業所に有効なライセンスがありません",
        "The recipient has no licence in force",
        "相手の事業所に利用状況を確かめ、それまでは紙で届けてください",
        "Ask the recipient; until then deliver on paper";
    RecipientIsSender, "recipient-is-sender", 422, Office,
        "自事業所あてには送信できません",
        "An office cannot send to itself",
        "送信先を確かめてください",
        "Check the recipient";
    RecipientMissing, "recipient-missing", 422, Office,
        "送信先がわかりません（CSVファイルがありません）",
        "The recipient is not known (there is no CSV file)",
        "送信先を選んでください",
        "Choose the recipient";
    RecipientsDiffer, "recipients-differ", 422, Office,
        "1回の送信に送信先が2つ以上あります",
        "One sending has more than one recipient",
        "送信先ごとに分けて送信してください",
        "Send to each recipient separately";
    SendingEmpty, "sending-empty", 422, Office,
        "送信するファイルもメッセージもありません",
        "There is neither a file nor a message to send",
        "ファイルを選ぶか、メッセージを書いてください",
        "Choose the files, or write a message";
    ResultsEmpty, "results-empty", 422, Office,
        "実績が1件もないファイルは送信できません",
        "Results without a single record cannot be sent",
        "実績がないことは、メッセージまたはPDFで伝えてください",
        "Say so in a message or with a PDF";
    FilesRefused, "files-refused", 422, Office,
        "ファイルが標準仕様に合いません",
        "The files break the standard",
        "指摘された箇所を介護ソフトで直し、出力し直してください",
        "Mend what is pointed out in the care software and export again";
    FileName, "file-name", 422, Office,
        "ファイル名が使えません",
        "A file's name cannot be used",
        "パス区切りや制御文字のない、重複しない名前にしてください",
        "Use names without path separators and control characters, each once";
    FileType, "file-type", 422, Office,
        "この種類のファイルは送信できません（PDF, CSV, JPEG, JPG, PNG, GIF, TXT だけです）",
        "Files of this type cannot be sent (PDF, CSV, JPEG, JPG, PNG, GIF, TXT only)",
        "Word・Excel・PowerPoint はPDFに書き出してください",
        "Export Word, Excel and PowerPoint as PDF";
    FileContent, "file-content", 422, Office,
        "ファイルの中身が拡張子の種類ではありません",
        "A file's content is not of the type that its name says",
        "正しい形式で保存し直してください",
        "Save it again in the right format";
    FileDocument, "file-document", 422, Office,
        "名前だけを変えたWord・Excel・PowerPointなどの文書や圧縮ファイルは送信できません",
        "A document of Word, Excel or PowerPoint, or an archive, under another name cannot be sent",
        "作成したソフトでPDFに書き出してください",
        "Export it as PDF from the program that made it";
    TooManyFiles, "too-many-files", 413, Office,
        "ファイルの数が多すぎます",
        "There are too many files",
        "分けて送信してください",
        "Send them in parts";
    TooLarge, "too-large", 413, Office,
        "ファイルが大きすぎます",
        "The files are too large",
        "写真は小さくし、分けて送信してください",
        "Make pictures smaller and send in parts";
    MessageTooLong, "message-too-long", 422, Office,
        "メッセージが長すぎます",
        "The message is too long",
        "短くするか、PDFにして添付してください",
        "Shorten it, or attach it as a PDF";
    MessageCharacters, "message-characters", 422, Office,
        "メッセージに使えない文字（制御文字）があります",
        "The message has control characters",
        "メッセージを入力し直してください",
        "Type the message again";
    IdempotencyKeyMissing, "idempotency-key-missing", 400, Software,
        "Idempotency-Key がありません",
        "There is no Idempotency-Key",
        "クライアントの提供元に連絡してください",
        "Ask the vendor of the client";
    IdempotencyKeyReused, "idempotency-key-reused", 422, Software,
        "同じ Idempotency-Key で別の内容が送られました",
        "The Idempotency-Key was used with other content",
        "送信ごとに新しいキーを使ってください",
        "Use a new key for each sending";
    DeliveryElsewhere, "delivery-elsewhere", 409, Office,
        "この配信は別の端末が受信しています",
        "Another terminal holds this delivery",
        "受信した端末で取得してください",
        "Fetch it on the terminal that claimed it";
    DeliveryFetched, "delivery-fetched", 409, Office,
        "データ取得済の配信は返却できません",
        "A fetched delivery cannot be given back",
        "取得した端末のファイルを使ってください",
        "Use the files on the terminal that fetched them";
    ClaimLost, "claim-lost", 409, Office,
        "この端末の受信は取り消されています（期限が過ぎたか、事業所の端末が取り戻しました）",
        "This terminal holds the delivery no longer (its time is over, or the office took it back)",
        "受信一覧を開き直し、まだ待っていれば受信し直してください",
        "Open the inbox again, and claim it if it still waits";
    FileUnfetched, "file-unfetched", 409, Software,
        "取得していないファイルがあるため、データ取得済にできません",
        "A file was never fetched, so that there can be no receipt",
        "すべてのファイルを取得し、確かめてから、もう一度知らせてください",
        "Fetch and compare every file, then give the receipt again";
    RetentionOver, "retention-over", 410, Office,
        "保管期間が過ぎたため、もうありません",
        "It has been kept for its term and is there no longer",
        "必要なら、送信元に送り直しを依頼してください",
        "If it is needed, ask the sender to send it again";
    StreamsTooMany, "streams-too-many", 429, Software,
        "到着のお知らせを受け取っている端末が多すぎます",
        "There are too many listeners for notices",
        "ほかの端末のお知らせを止めるか、しばらく待ってください",
        "Stop listening on another terminal, or wait a little";
    ProfileLacks, "profile-lacks", 403, Operator,
        "この基盤の設定（actual）ではこの操作はできません",
        "This hub's profile (actual) lacks this request",
        "plus で起動した基盤で試してください",
        "Try it on a hub started with plus";
    AdminTokenWrong, "admin-token-wrong", 401, Operator,
        "運用の窓口のトークンがないか、違います",
        "The admin token is missing or wrong",
        "基盤を起動したときのトークンのファイルを指定してください",
        "Name the token file that the hub was started with";
    FileDamaged, "file-damaged", 500, Operator,
        "保管中のファイルが壊れています",
        "A stored file is damaged",
        "基盤の運用者に連絡してください。送信元は送り直してください",
        "Tell the hub's operator; the sender should send again";
    FaultUnusable, "fault-unusable", 422, Operator,
        "その障害はこのようには仕込めません",
        "The fault cannot be armed like this",
        "障害の一覧（careplan hub fault list）で、起こせる操作と指定を確かめてください",
        "See what it can act on, and with what, in careplan hub fault list";
    TooManyRequests, "too-many-requests", 429, Software,
        "要求が多すぎます",
        "There are too many requests",
        "しばらく待ってから送り直してください（Retry-After の秒数以上）",
        "Wait for at least the seconds of Retry-After, then ask again";
    Unavailable, "unavailable", 503, Operator,
        "ただいま利用できません",
        "The service is not available now",
        "しばらく待って、もう一度お試しください",
        "Wait a little and try again";
    StorageFull, "storage-full", 507, Operator,
        "保管場所がいっぱいです",
        "There is no room left",
        "基盤の運用者に連絡し、あとで送り直してください",
        "Tell the hub's operator and send again later";
    Internal, "internal", 500, Operator,
        "基盤の内部で問題が起きました",
        "Something went wrong inside",
        "もう一度お試しのうえ、続くときは運用者に連絡してください",
        "Try again, and tell the operator if it goes on";
}

/// What precedes a problem's identifier in its `type`.
const TYPE_PREFIX: &str = "urn:careplan:problem:";

impl ProblemKind {
    /// The whole catalogue.
    pub fn all() -> impl Iterator<Item = Self> {
        CATALOGUE.iter().map(|entry| entry.kind)
    }

    /// Its identifier, of words.
    pub fn id(self) -> &'static str {
        self.entry().id
    }

    /// The HTTP status that it travels with.
    pub fn status(self) -> u16 {
        self.entry().status
    }

    /// Who must act.
    pub fn acts_next(self) -> ActsNext {
        self.entry().acts_next
    }

    /// What happened.
    pub fn title(self, lang: Lang) -> &'static str {
        self.entry().title.get(lang)
    }

    /// What to do next.
    pub fn next_step(self, lang: Lang) -> &'static str {
        self.entry().next_step.get(lang)
    }

    /// The kind of this identifier.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::all().find(|kind| kind.id() == id)
    }

    fn entry(self) -> &'static Entry {
        &CATALOGUE[self as usize]
    }
}

/// A problem as it travels: `application/problem+json`, Japanese with the English beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `urn:careplan:problem:` and the identifier.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, 日本語.
    pub title: String,
    /// What happened, English.
    pub title_en: String,
    /// The HTTP status.
    pub status: u16,
    /// What in particular, where there is more to say: a name, a limit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// What to do next, 日本語.
    pub next_step: String,
    /// What to do next, English.
    pub next_step_en: String,
    /// What is wrong with the files, where files are at fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

impl Problem {
    /// The media type that a problem travels as.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// A problem of this kind, with nothing more to say.
    pub fn new(kind: ProblemKind) -> Self {
        Self {
            kind: format!("{TYPE_PREFIX}{}", kind.id()),
            title: kind.title(Lang::Ja).to_owned(),
            title_en: kind.title(Lang::En).to_owned(),
            status: kind.status(),
            detail: String::new(),
            next_step: kind.next_step(Lang::Ja).to_owned(),
            next_step_en: kind.next_step(Lang::En).to_owned(),
            findings: Vec::new(),
        }
    }

    /// With what in particular happened. Never a secret, never a person's name.
    #[must_use]
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// With what is wrong with the files.
    #[must_use]
    pub fn with_findings(self, findings: Vec<Finding>) -> Self {
        Self { findings, ..self }
    }

    /// Its kind, if it is one of the catalogue's.
    pub fn known_kind(&self) -> Option<ProblemKind> {
        ProblemKind::from_id(self.kind.strip_prefix(TYPE_PREFIX)?)
    }

    /// One line for a person: what happened, what in particular, what to do next.
    pub fn line(&self, lang: Lang) -> String {
        let (title, next_step, open, close, gap) = match lang {
            Lang::Ja => (&self.title, &self.next_step, "（", "）", "。"),
            Lang::En => (&self.title_en, &self.next_step_en, " (", ")", ". "),
        };
        let detail = match self.detail.as_str() {
            "" => String::new(),
            detail => format!("{open}{detail}{close}"),
        };
        format!("{title}{detail}{gap}{next_step}")
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(Lang::Ja))
    }
}

impl std::error::Error for Problem {}

impl From<ProblemKind> for Problem {
    fn from(kind: ProblemKind) -> Self {
        Self::new(kind)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_problem_is_found_by_its_identifier() {
        for (at, entry) in CATALOGUE.iter().enumerate() {
            assert_eq!(entry.kind as usize, at, "the catalogue is in the order of the variants");
            assert_eq!(ProblemKind::from_id(entry.id), Some(entry.kind));
            assert!((400..600).contains(&entry.status), "{}", entry.id);
        }
        let ids: BTreeSet<_> = ProblemKind::all().map(ProblemKind::id).collect();
        assert_eq!(ids.len(), CATALOGUE.len(), "an identifier stands once");
    }

    #[test]
    fn a_problem_survives_the_wire() {
        let sent = Problem::new(ProblemKind::FileType).with_detail("report.docx");
        let text = serde_json::to_string(&sent).expect("serializes");
        assert!(text.contains(r#""type":"urn:careplan:problem:file-type""#), "{text}");
        let arrived: Problem = serde_json::from_str(&text).expect("parses");
        assert_eq!(arrived, sent);
        assert_eq!(arrived.known_kind(), Some(ProblemKind::FileType));
        assert!(arrived.line(Lang::En).contains("(report.docx). Export Word"), "{arrived:?}");
    }
}

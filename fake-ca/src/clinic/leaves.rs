//! Flaws of what a certificate says.

use careplan_protocol::ProblemKind;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyUsagePurpose,
};
use time::Duration;

use super::{Flaw, Make, NoticedBy, Order};

/// The object identifier of CN.
const COMMON_NAME: [u64; 4] = [2, 5, 4, 3];
/// The object identifier of OU.
const UNIT: [u64; 4] = [2, 5, 4, 11];

pub(super) const FLAWS: &[Flaw] = &[
    Flaw {
        name: "expired",
        ja: "有効期限が切れている",
        en: "expired yesterday",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateExpired,
        make: Make::Leaf(|params, order| params.not_after = order.now - Duration::days(1)),
    },
    Flaw {
        name: "not-yet-valid",
        ja: "有効期間が明日から始まる",
        en: "valid from tomorrow",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateNotYetValid,
        make: Make::Leaf(|params, order| params.not_before = order.now + Duration::days(1)),
    },
    Flaw {
        name: "time-zone-slip",
        ja: "日本時間を協定世界時と取り違え、9時間後に始まる",
        en: "valid in nine hours: Japanese time taken for UTC",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateNotYetValid,
        make: Make::Leaf(|params, order| params.not_before = order.now + Duration::hours(9)),
    },
    Flaw {
        name: "server-usage",
        ja: "用途がサーバー認証",
        en: "meant for servers",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateUsage,
        make: Make::Leaf(|params, _| {
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth]
        }),
    },
    Flaw {
        name: "mail-usage",
        ja: "用途がメールの保護",
        en: "meant for mail",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateUsage,
        make: Make::Leaf(|params, _| {
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection]
        }),
    },
    Flaw {
        name: "any-usage",
        ja: "用途が「任意」だけ",
        en: "meant for any purpose and for no one by name",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateUsage,
        make: Make::Leaf(|params, _| {
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any]
        }),
    },
    Flaw {
        name: "no-extended-usage",
        ja: "拡張鍵用途がない",
        en: "says nothing of its purpose",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::CertificateUsage,
        make: Make::Leaf(|params, _| params.extended_key_usages.clear()),
    },
    Flaw {
        name: "no-key-usage",
        ja: "鍵用途がない",
        en: "says nothing of what its key may do",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::CertificateUsage,
        make: Make::Leaf(|params, _| params.key_usages.clear()),
    },
    Flaw {
        name: "encipherment-only",
        ja: "鍵用途が暗号化だけで、署名できない",
        en: "its key may encipher but not sign",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::CertificateUsage,
        make: Make::Leaf(|params, _| params.key_usages = vec![KeyUsagePurpose::KeyEncipherment]),
    },
    Flaw {
        name: "authority-flag",
        ja: "認証局の印（CA）がついている",
        en: "is marked as an authority",
        noticed_by: NoticedBy::Tls,
        problem: ProblemKind::CertificateIsAuthority,
        make: Make::Leaf(|params, _| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)),
    },
    Flaw {
        name: "unknown-critical-extension",
        ja: "解釈必須の未知の拡張がある",
        en: "has a critical extension that nobody knows",
        noticed_by: NoticedBy::Client,
        problem: ProblemKind::CertificateExtensionUnknown,
        make: Make::Leaf(|params, _| params.custom_extensions.push(unknown_extension())),
    },
    Flaw {
        name: "no-office",
        ja: "事業所番号（CN）がない",
        en: "carries no office number (CN)",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::CertificateWithoutOffice,
        make: Make::Leaf(|params, _| unnamed(params, DnType::CommonName)),
    },
    Flaw {
        name: "office-nine-digits",
        ja: "事業所番号が9桁",
        en: "its office number has nine digits",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::CertificateOfficeMalformed,
        make: Make::Leaf(|params, _| name(params, "277010001")),
    },
    Flaw {
        name: "office-letters",
        ja: "事業所番号の欄に名前が入っている",
        en: "has a name in the place of the office number",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::CertificateOfficeMalformed,
        make: Make::Leaf(|params, _| name(params, "MIHON KYOTAKU")),
    },
    Flaw {
        name: "office-small-letter",
        ja: "事業所番号の3桁目が小文字のa",
        en: "its office number has a small a",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::CertificateOfficeMalformed,
        make: Make::Leaf(|params, _| name(params, "27a0100012")),
    },
    Flaw {
        name: "office-full-width",
        ja: "事業所番号が全角",
        en: "its office number is in full-width digits",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::CertificateOfficeMalformed,
        make: Make::Leaf(|params, _| name(params, "２７７０１００012")),
    },
    Flaw {
        name: "two-offices",
        ja: "事業所番号が2つある",
        en: "carries two office numbers",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::CertificateNameAmbiguous,
        make: Make::Leaf(|params, _| again(params, COMMON_NAME, "2799999998")),
    },
    Flaw {
        name: "two-kinds",
        ja: "証明書の種類が2つある",
        en: "carries two kinds",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::CertificateNameAmbiguous,
        make: Make::Leaf(|params, _| again(params, UNIT, "agent")),
    },
    Flaw {
        name: "unknown-kind",
        ja: "証明書の種類（OU）が知らないもの",
        en: "is of an unknown kind (OU)",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::CertificateKind,
        make: Make::Leaf(|params, _| unit(params, "kaigo")),
    },
    Flaw {
        name: "no-kind",
        ja: "証明書の種類（OU）がない",
        en: "says no kind (OU)",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::CertificateKind,
        make: Make::Leaf(|params, _| unnamed(params, DnType::OrganizationalUnitName)),
    },
    Flaw {
        name: "other-office",
        ja: "ほかの事業所の証明書",
        en: "is another office's",
        noticed_by: NoticedBy::Hub,
        problem: ProblemKind::IdentityMismatch,
        make: Make::Leaf(|params, order| name(params, other(order))),
    },
];

fn name(params: &mut CertificateParams, text: &str) {
    params.distinguished_name.push(DnType::CommonName, text);
}

fn unit(params: &mut CertificateParams, text: &str) {
    params.distinguished_name.push(DnType::OrganizationalUnitName, text);
}

fn unnamed(params: &mut CertificateParams, attribute: DnType) {
    params.distinguished_name.remove(attribute);
}

/// The library keeps one value of each attribute, unless it does not know the attribute again.
fn again(params: &mut CertificateParams, attribute: [u64; 4], text: &str) {
    params.distinguished_name.push(DnType::CustomDnType(attribute.to_vec()), text);
}

/// An office number that is not the one of the order.
fn other(order: &Order) -> &'static str {
    match order.office.as_str() {
        "2799999998" => "2799999980",
        _ => "2799999998",
    }
}

/// Under an identifier that was drawn at random (2.25 is the arc for those), holding nothing.
fn unknown_extension() -> CustomExtension {
    let mut extension =
        CustomExtension::from_oid_content(&[2, 25, 7_213_048_519_662_071], vec![5, 0]);
    extension.set_criticality(true);
    extension
}

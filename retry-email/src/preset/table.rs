//! The presets by name.

use retry_core::{Policy, PolicyNames};

/// A schedule with its name and where it comes from.
///
/// ```
/// use retry_email::preset::{POSTFIX, Preset};
///
/// let postfix = Preset::named("postfix").unwrap();
/// assert_eq!(postfix.policy(), &POSTFIX);
/// assert!(postfix.about().contains("age"));
/// assert_eq!(Preset::named("seed-best-practice").unwrap().name(), "seed_best_practice");
/// assert!(Preset::named("qmail").is_none());
/// ```
#[derive(Debug)]
pub struct Preset {
    name: &'static str,
    about: &'static str,
    source: &'static str,
    policy: &'static Policy,
}

impl Preset {
    /// All of them, in the order of the module's table.
    ///
    /// ```
    /// use retry_email::preset::Preset;
    ///
    /// let names: Vec<_> = Preset::all().iter().map(Preset::name).collect();
    /// assert_eq!(names[0], "default");
    /// assert!(names.contains(&"ims_urgent"));
    /// ```
    #[must_use]
    pub fn all() -> &'static [Self] {
        &PRESETS
    }

    /// The one of this name; hyphens count as underscores and capitals as small letters.
    ///
    /// ```
    /// use retry_email::preset::{IMS_URGENT, Preset};
    ///
    /// assert_eq!(Preset::named("IMS-Urgent").map(Preset::policy), Some(&IMS_URGENT));
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        let same = |preset: &&Self| {
            let letters = name.bytes().map(|byte| if byte == b'-' { b'_' } else { byte.to_ascii_lowercase() });
            letters.eq(preset.name.bytes())
        };
        PRESETS.iter().find(same)
    }

    /// The name, in lower snake case.
    ///
    /// ```
    /// # use retry_email::preset::Preset;
    /// assert_eq!(Preset::named("zonemta").unwrap().name(), "zonemta");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it does, in one line.
    ///
    /// ```
    /// # use retry_email::preset::Preset;
    /// assert!(Preset::named("haraka").unwrap().about().starts_with("64 s, doubling"));
    /// ```
    #[must_use]
    pub const fn about(&self) -> &'static str {
        self.about
    }

    /// Where its numbers come from.
    ///
    /// ```
    /// # use retry_email::preset::Preset;
    /// assert_eq!(Preset::named("rfc5321").unwrap().source(), "RFC 5321 section 4.5.4.1");
    /// ```
    #[must_use]
    pub const fn source(&self) -> &'static str {
        self.source
    }

    /// The policy itself.
    ///
    /// ```
    /// # use retry_email::preset::Preset;
    /// assert_eq!(Preset::named("postal").unwrap().policy().max_attempts().unwrap().get(), 18);
    /// ```
    #[must_use]
    pub const fn policy(&self) -> &'static Policy {
        self.policy
    }
}

/// The presets as names in the text form of policies: for [`Policy::parse_with`] and configuration files.
///
/// ```
/// use retry_core::Policy;
/// use retry_email::preset::Presets;
///
/// let policy = Policy::parse_with(&Presets, "seed-staggered +-15%, within 3d")?;
/// assert_eq!(policy.to_string(), "[5m*2 10m 30m 1h] +-15%, within 3d");
/// let error = Policy::parse_with(&Presets, "postfi").unwrap_err();
/// assert_eq!(error.suggestion(), Some("postfix"));
/// # Ok::<(), retry_core::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct Presets;

impl PolicyNames for Presets {
    fn policy(&self, name: &str) -> Option<Policy> {
        Preset::named(name).map(|preset| preset.policy().clone())
    }
    fn names(&self) -> Vec<&str> {
        PRESETS.iter().map(Preset::name).collect()
    }
}

const fn preset(name: &'static str, about: &'static str, source: &'static str, policy: &'static Policy) -> Preset {
    Preset { name, about, source, policy }
}

const ARTICLE: &str = "the article on mail queues that the project set out from";
const IMS: &str = "iPlanet Messaging Server's manual; that the last delay repeats is from memory";

static PRESETS: [Preset; 25] = [
    preset("default", "by class: 6 min up to 2 h, 24 min up to 8 h, 4 h; +-15 %, within 5 d", "ours", &super::DEFAULT),
    preset("interactive", "1 s to 10 min; expires after 30 min rather than arrives late", "ours", &super::INTERACTIVE),
    preset("rfc5321", "30 min twice, then 2 h 30 min, within 5 d", "RFC 5321 section 4.5.4.1", &super::RFC5321),
    preset("postfix", "as long as the message's age, 300 s to 4,000 s, within 5 d", "Postfix 3.12", &super::POSTFIX),
    preset("exim", "F,2h,15m; G,16h,1h,1.5; F,4d,6h", "Exim 4.96, configure.default", &super::EXIM),
    preset("opensmtpd", "at 400 s times n squared, within 4 d", "OpenSMTPD, scheduler_ramqueue.c", &super::OPENSMTPD),
    preset("sendmail", "every hour, within 5 d", "Sendmail's manual, from memory", &super::SENDMAIL),
    preset("stalwart", "2 min to 72 h by a list, within 3 d", "Stalwart, config/smtp/queue.rs", &super::STALWART),
    preset("kumomta", "20 min, doubling, +-30 s, within 7 d", "KumoMTA, queue/config.rs", &super::KUMOMTA),
    preset("haraka", "64 s, doubling, 13 attempts", "Haraka, outbound/config.js", &super::HARAKA),
    preset("postal", "5 min, times 1.3, 18 attempts", "Postal, has_locking.rb", &super::POSTAL),
    preset("zonemta", "5 min to 4 h by a list, 18 attempts within 48 h", "ZoneMTA, lib/sender.js", &super::ZONEMTA),
    preset("ims_urgent", "30 min to 4 h by a list, within 5 d", IMS, &super::IMS_URGENT),
    preset("ims_normal", "1 h to 8 h by a list, within 5 d", IMS, &super::IMS_NORMAL),
    preset("ims_nonurgent", "2 h to 16 h by a list, within 5 d", IMS, &super::IMS_NONURGENT),
    preset("django_mailer", "every 20 min, for ever", "django-mailer's documentation", &super::DJANGO_MAILER),
    preset(
        "perl_retryable",
        "1 s, doubling, 6 attempts",
        "Net::SMTP::Retryable's documentation",
        &super::PERL_RETRYABLE,
    ),
    preset("seed_exponential", "1 min, doubling, 6 attempts", ARTICLE, &super::SEED_EXPONENTIAL),
    preset("seed_handler", "1 min, doubling, 5 attempts", ARTICLE, &super::SEED_HANDLER),
    preset("seed_staggered", "5, 5, 10, 30, 60 min, 6 attempts", ARTICLE, &super::SEED_STAGGERED),
    preset("seed_intervals", "5, 10, 30, 60 min, 5 attempts", ARTICLE, &super::SEED_INTERVALS),
    preset("seed_temporary", "5, 10, 15 min, up to 20 % more, 4 attempts", ARTICLE, &super::SEED_TEMPORARY),
    preset("seed_persistent", "30 to 150 min, up to 10 % more, 6 attempts", ARTICLE, &super::SEED_PERSISTENT),
    preset("seed_permanent", "no retry", ARTICLE, &super::SEED_PERMANENT),
    preset(
        "seed_best_practice",
        "10 min, doubling up to 24 h, +-15 %, within 3 d",
        ARTICLE,
        &super::SEED_BEST_PRACTICE,
    ),
];

//! The named sets.

use std::borrow::Cow;

use super::Rules;
use crate::{CategoryLimits, Methods, ResetFormat, StatusSet};

const RETRY_AFTER: StatusSet = StatusSet::of(&[413, 429, 503]);

const BASE: Rules = Rules {
    name: "standard",
    transient: StatusSet::of(&[408, 425, 500, 502, 503, 504]),
    throttled: StatusSet::of(&[429]),
    if_asked: StatusSet::of(&[403, 413]),
    heeded: StatusSet::ALL,
    delays: &[],
    methods: Methods::IDEMPOTENT,
    transient_codes: Cow::Borrowed(&[]),
    throttled_codes: Cow::Borrowed(&[]),
    unknown_as_class: true,
    limits: CategoryLimits::NONE,
};

impl Rules {
    /// The default: 408, 425, 429, 500, 502, 503 and 504; server errors that no RFC knows (RFC 9110 section 15: as 500); 413
    /// with Retry-After (RFC 9110 section 15.5.14); 403 as throttled where Retry-After or a used-up limit says so (GitHub).
    ///
    /// ```
    /// assert!(retry_http::Rules::standard().is_transient(425));
    /// ```
    #[must_use]
    pub const fn standard() -> Self {
        BASE
    }

    /// urllib3's `Retry`: nothing but 413, 429 and 503 with Retry-After, until [`statuses`](Self::statuses) gives a list.
    /// Source: urllib3 `src/urllib3/util/retry.py`.
    ///
    /// ```
    /// # use retry_http::Rules;
    /// assert!(Rules::urllib3().retries("GET", 413, true) && !Rules::urllib3().retries("GET", 500, true));
    /// ```
    #[must_use]
    pub const fn urllib3() -> Self {
        Self {
            name: "urllib3",
            transient: StatusSet::NONE,
            throttled: StatusSet::NONE,
            if_asked: RETRY_AFTER,
            heeded: RETRY_AFTER,
            unknown_as_class: false,
            ..BASE
        }
    }

    /// The standard mode of AWS SDKs: their statuses and error codes. Source: botocore `retries/standard.py` and the SDK
    /// specification. 429 without a code counts as throttled, too. `x-amz-retry-after` is read.
    ///
    /// ```
    /// # use retry_http::Rules;
    /// assert!(Rules::aws().is_throttled_code("ThrottlingException") && Rules::aws().is_transient(502));
    /// ```
    #[must_use]
    pub const fn aws() -> Self {
        Self {
            name: "aws",
            transient: StatusSet::of(&[500, 502, 503, 504]),
            if_asked: StatusSet::NONE,
            delays: &[("x-amz-retry-after", ResetFormat::Millis)],
            transient_codes: Cow::Borrowed(AWS_TRANSIENT),
            throttled_codes: Cow::Borrowed(AWS_THROTTLED),
            unknown_as_class: false,
            ..BASE
        }
    }

    /// The standard pipeline of Microsoft.Extensions.Http.Resilience: 408, 429 and every 5xx. Source:
    /// `HttpClientResiliencePredicates` of dotnet/extensions.
    ///
    /// ```
    /// assert!(retry_http::Rules::dotnet().is_transient(501));
    /// ```
    #[must_use]
    pub const fn dotnet() -> Self {
        Self {
            name: "dotnet",
            transient: StatusSet::of(&[408]).with_range(500, 999),
            if_asked: StatusSet::NONE,
            unknown_as_class: false,
            ..BASE
        }
    }

    /// HashiCorp's go-retryablehttp: no status at all, 429, and what is 500 or above, but 501. Source: `baseRetryPolicy` in
    /// its `client.go`.
    ///
    /// ```
    /// # use retry_http::Rules;
    /// assert!(Rules::hashicorp().is_transient(0) && Rules::hashicorp().is_transient(999));
    /// assert!(!Rules::hashicorp().is_transient(501));
    /// ```
    #[must_use]
    pub const fn hashicorp() -> Self {
        Self {
            name: "hashicorp",
            transient: StatusSet::of(&[0]).with_range(500, 999).without(501),
            if_asked: StatusSet::NONE,
            heeded: StatusSet::of(&[429, 503]),
            unknown_as_class: false,
            ..BASE
        }
    }
}

const AWS_TRANSIENT: &[Cow<'static, str>] = &[
    Cow::Borrowed("RequestTimeout"),
    Cow::Borrowed("RequestTimeoutException"),
    Cow::Borrowed("PriorRequestNotComplete"),
];

const AWS_THROTTLED: &[Cow<'static, str>] = &[
    Cow::Borrowed("Throttling"),
    Cow::Borrowed("ThrottlingException"),
    Cow::Borrowed("ThrottledException"),
    Cow::Borrowed("RequestThrottledException"),
    Cow::Borrowed("TooManyRequestsException"),
    Cow::Borrowed("ProvisionedThroughputExceededException"),
    Cow::Borrowed("TransactionInProgressException"),
    Cow::Borrowed("RequestLimitExceeded"),
    Cow::Borrowed("BandwidthLimitExceeded"),
    Cow::Borrowed("LimitExceededException"),
    Cow::Borrowed("RequestThrottled"),
    Cow::Borrowed("SlowDown"),
    Cow::Borrowed("PriorRequestNotComplete"),
    Cow::Borrowed("EC2ThrottledException"),
];

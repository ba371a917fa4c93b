use crate::words::words;

words! {
    /// How much a classification rests on.
    ///
    /// ```
    /// use retry_email::{Answer, Classifier, Confidence};
    ///
    /// let confidence = |reply| Classifier::builtin().classify(&Answer::from_text(reply)).confidence;
    /// assert_eq!(confidence("550 5.1.1 user unknown"), Confidence::High);
    /// assert_eq!(confidence("550 5.1.1 sorry"), Confidence::Medium);
    /// assert_eq!(confidence("550 sorry"), Confidence::Low);
    /// ```
    Confidence, "confidence", {
        /// On little more than the first digit of the code.
        Low = "low",
        /// On the code, an enhanced status code, or words that are used loosely.
        Medium = "medium",
        /// On words that say what it is, or on an event that can mean one thing only.
        High = "high",
    }
}

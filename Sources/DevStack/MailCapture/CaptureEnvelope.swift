/// Who a captured message came from and whom it went to, as the SMTP dialogue had it.
struct CaptureEnvelope: Sendable, Equatable {
    /// Empty for a bounce.
    var sender = ""
    var recipients: [String] = []
    /// Who signed in; empty for nobody.
    var user = ""
}

/// The URL of a heartbeat service: called as it stands after a success, with `/start` before and with `/fail` after a
/// failure, as healthchecks.io and its kind take it.
struct HeartbeatURL: Sendable {
    enum Signal: String, Sendable {
        case start = "/start"
        case success = ""
        case failure = "/fail"
    }

    let url: Secret

    /// The signal goes behind the path, before a query.
    func url(for signal: Signal) -> Secret {
        guard signal != .success else { return url }
        let parts = url.exposed.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var path = parts[0]
        while path.hasSuffix("/") { path.removeLast() }
        return Secret(path + signal.rawValue + (parts.count > 1 ? "?\(parts[1])" : ""))
    }
}

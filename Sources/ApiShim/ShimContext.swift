import Hummingbird

/// What every handler knows of its request.
struct ShimContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Stands in the log lines and in the answer, so that one leads to the other.
    let requestID: String

    init(source: Source) {
        coreContext = .init(source: source)
        // A log handler that keeps no metadata has no id either.
        requestID = source.logger[metadataKey: "hb.request.id"].map(String.init(describing:)) ?? "\(RequestID())"
    }
}

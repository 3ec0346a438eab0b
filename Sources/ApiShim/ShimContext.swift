import Hummingbird

/// What every handler knows of its request.
struct ShimContext: RequestContext {
    var coreContext: CoreRequestContextStorage

    init(source: Source) { coreContext = .init(source: source) }
}

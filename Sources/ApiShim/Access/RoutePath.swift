/// A request's path as the router sees it: without empty parts, so with and without a trailing slash alike.
struct RoutePath: Equatable {
    private let parts: [Substring]

    init(_ path: String) { parts = path.split(separator: "/") }

    /// Health, version and metrics are served without JWT_SECRET.
    var needsNoKey: Bool {
        let plain = parts.first == "api" ? parts.dropFirst() : parts[...]
        return switch plain.first {
        case "health": true
        case "version": plain.count == 1 && parts.count == 2
        case "metrics", "livez", "readyz": parts.count == 1
        default: false
        }
    }

    /// The Bearer token of these routes is no access token: they check it themselves.
    var hasTokenOfItsOwn: Bool { self == RoutePath("/api/user/password/reset/change") }
}

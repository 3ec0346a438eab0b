import HTTPTypes
import Hummingbird
import OpsCore

/// Turns a client away that tries too often, before anything of its body is read.
struct ThrottleMiddleware: RouterMiddleware {
    private let throttle: Throttle
    private let proxies: [IPNetwork]

    init(_ settings: AuthSettings, throttle: Throttle? = nil) {
        self.throttle = throttle ?? Throttle(maximum: settings.attemptMaximum, window: settings.attemptWindow)
        proxies = settings.trustedProxies
    }

    func handle(
        _ request: Request, context: ShimContext, next: (Request, ShimContext) async throws -> Response
    ) async throws -> Response {
        let client = context.client(of: request, trusting: proxies).flatMap(ClientAddress.init)
        switch client.map({ throttle.attempt(by: $0) }) ?? .unavailable {
        case .admitted: return try await next(request, context)
        case .refused(let seconds): throw Self.refusal(seconds)
        case .unavailable:
            throw OperationError(
                .serviceUnavailable, "THROTTLE_UNAVAILABLE", "attempts cannot be counted now, so none is admitted",
                headers: [.retryAfter: "60"])
        }
    }

    private static func refusal(_ seconds: Int) -> OperationError {
        OperationError(
            .tooManyRequests, "RATE_LIMITED", "too many attempts, try again in \(seconds) s",
            fields: ["retry_after": .number(seconds)], headers: [.retryAfter: String(seconds)])
    }
}

import Foundation

/// Asks the shim of this machine whether it is ready, for the health check of a container.
public struct HealthCheck: Sendable {
    /// What a ready shim comes to.
    public struct Result: Codable, Sendable, Equatable {
        public let status: String
        /// `host:port`.
        public let place: String
        public let ms: Int
    }

    private let probe: HTTPProbe
    private let limit: Duration

    /// - Parameters:
    ///   - server: where the shim listens.
    ///   - limit: how long it may take to answer.
    public init(of server: ServerSettings, limit: Duration = .seconds(3)) {
        probe = HTTPProbe(localTo: server)
        self.limit = limit
    }

    /// - Throws: ``HealthCheckError`` when it is not ready, or not there.
    public func run() async throws -> Result {
        let clock = ContinuousClock()
        let start = clock.now
        let answer: HTTPProbe.Answer
        do {
            answer = try await probe.get("/api/health/ready", limit: limit)
        } catch let failure as HTTPProbe.Failure {
            throw HealthCheckError(message: failure.reason, hint: "start it with sysndd-ctl serve")
        }
        guard answer.status == 200 else {
            struct Body: Decodable { var reason: String? }
            let reason = try? JSONDecoder().decode(Body.self, from: Data(answer.body)).reason
            throw HealthCheckError(
                message: "the shim on \(probe.place) is not ready: " + (reason ?? "status \(answer.status)"),
                hint: "sysndd-ctl preflight --url http://\(probe.place)")
        }
        return Result(status: "ready", place: probe.place, ms: start.duration(to: clock.now).milliseconds)
    }
}

/// The shim is not ready.
public struct HealthCheckError: OperatorError, Equatable {
    public let message: String
    public let hint: String?
    public var code: String { "NOT_READY" }
    /// Container engines know only 0 and 1.
    public var exitStatus: ExitStatus { .failed }
}

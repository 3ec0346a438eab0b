import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import OpsCore
import ServiceLifecycle
import Synchronization

/// `/api/jobs/…`: how jobs stand.
struct JobController: Sendable {
    fileprivate struct History: Encodable {
        struct Entry: Encodable {
            var jobId: String
            var operation: Job.Operation
            var status: Job.Status
            var submittedAt: String
            var submittedBy: String
            @EncodedAsNull var completedAt: String?
            @EncodedAsNull var durationSeconds: Int?
            @EncodedAsNull var errorMessage: String?
        }

        struct Meta: Encodable {
            var count: Int
            var limit: Int
        }

        var data: [Entry]
        var meta: Meta
    }

    let store: JobStore
    let pool: DatabasePool
    let streams = JobStreams()

    func addRoutes(to routes: ShimRoutes) {
        routes.anyone
            .get("/api/jobs/:id/status", use: status)
            .get("/api/jobs/:id/events", use: events)
        routes.requiring(.administrator).get("/api/jobs/history", use: history)
    }

    private func status(_: Request, _ context: ShimContext) async throws -> Response {
        let report = try await report(context)
        var response = try ShimJSON.response(report)
        if let seconds = report.retryAfter { response.headers[.retryAfter] = String(seconds) }
        return response
    }

    private func history(_ request: Request, _: ShimContext) async throws -> Response {
        let given = request.uri.queryParameters["limit"]
        guard let limit = given.map({ Int($0) }) ?? 20, (1...100).contains(limit) else {
            throw HTTPError(.badRequest, message: "limit is a whole number from 1 to 100")
        }
        let jobs = try await pool.withConnection { [store] connection in
            try await connection.run { try store.history(limit: limit, $0) }
        }
        return try ShimJSON.response(
            History(data: jobs.map(History.Entry.init), meta: .init(count: jobs.count, limit: limit)))
    }

    /// Server-sent events: `progress` whenever something has changed, `end` once the job is over.
    private func events(_: Request, _ context: ShimContext) async throws -> Response {
        _ = try await report(context)
        guard let place = streams.take() else {
            throw HTTPError(
                .serviceUnavailable, headers: [.retryAfter: "5"], message: "too many streams are open; poll instead")
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                defer { withExtendedLifetime(place) {} }
                try await send(context, to: &writer)
                try await writer.finish(nil)
            })
    }

    private func send(_ context: ShimContext, to writer: inout any ResponseBodyWriter) async throws {
        var last = ""
        var quietSince = ContinuousClock.now
        while !Task.isShuttingDownGracefully {
            let report = try await report(context)
            let data = String(decoding: try ShimJSON.encode(report), as: UTF8.self)
            if report.status.isFinal { return try await writer.write(Self.event("end", data)) }
            if data != last {
                try await writer.write(Self.event("progress", data))
                (last, quietSince) = (data, .now)
            } else if ContinuousClock.now - quietSince > .seconds(15) {
                // Keeps proxies from closing the connection, and finds out whether the client is still there.
                try await writer.write(ByteBuffer(string: ": still here\n\n"))
                quietSince = .now
            }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private static func event(_ name: String, _ data: String) -> ByteBuffer {
        ByteBuffer(string: "event: \(name)\ndata: \(data)\n\n")
    }

    private func report(_ context: ShimContext) async throws -> JobReport {
        let id = context.parameters.get("id") ?? ""
        let job = try await pool.withConnection { [store] connection in
            try await connection.run { try store.job(id, $0) }
        }
        guard let job else { throw OperationError(.notFound, "JOB_NOT_FOUND", "there is no job of that id") }
        return JobReport(job, isForAdministrator: context.identity?.userRole == .administrator)
    }
}

extension JobController.History.Entry {
    fileprivate init(_ job: Job) {
        self.init(
            jobId: job.id, operation: job.operation, status: job.status,
            submittedAt: job.submittedAt.formatted(.iso8601), submittedBy: job.submittedBy,
            completedAt: job.completedAt?.formatted(.iso8601),
            durationSeconds: job.completedAt == nil ? nil : Int(job.duration.rounded()),
            errorMessage: job.failure?.message)
    }
}

/// Counts the open streams, each of which asks the database once a second.
final class JobStreams: Sendable {
    static let maximum = 64

    /// Frees its place when it goes.
    final class Place: Sendable {
        private let streams: JobStreams
        fileprivate init(_ streams: JobStreams) { self.streams = streams }
        deinit { streams.open.withLock { $0 -= 1 } }
    }

    private let open = Mutex(0)

    /// A place; nil when all are taken.
    func take() -> Place? {
        let isFree = open.withLock { open in
            guard open < Self.maximum else { return false }
            open += 1
            return true
        }
        return isFree ? Place(self) : nil
    }
}

import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOPosix

/// A bare Hummingbird route that answers as much as the liveness probe of the shim: what the framework gives by itself.
@main struct BareRoute {
    private struct Liveness: Encodable {
        var status = "healthy"
        var timestamp: String
        var version = "0.0.0"
    }

    /// usage: http-route-benchmark PORT THREADS
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard arguments.count == 2 else {
            FileHandle.standardError.write(Data("usage: http-route-benchmark PORT THREADS\n".utf8))
            exit(64)
        }
        let router = Router()
        router.get("/api/health") { _, _ in
            let body = try JSONEncoder().encode(Liveness(timestamp: Date().formatted(.iso8601)))
            return Response(
                status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(bytes: body)))
        }
        let threads = MultiThreadedEventLoopGroup(numberOfThreads: arguments[1])
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: arguments[0])),
            eventLoopGroupProvider: .shared(threads), logger: .init(label: "bare") { _ in SwiftLogNoOpLogHandler() })
        try await application.runService()
    }
}

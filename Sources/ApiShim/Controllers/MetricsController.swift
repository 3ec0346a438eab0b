import HTTPTypes
import Hummingbird
import NIOCore

/// `/metrics`: figures for Prometheus, in its text format 0.0.4.
struct MetricsController: Sendable {
    private static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    let collector: MetricsCollector
    let meter: RequestMeter

    func addRoutes(to routes: ShimRoutes) {
        routes.anyone.get("/metrics") { _, _ in
            let text = (await collector.metrics() + meter.metrics).map(\.text).joined()
            return Response(
                status: .ok, headers: [.contentType: Self.contentType, .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: text)))
        }
    }
}

import HTTPTypes
import Synchronization

/// Counts the requests of this process and how long they took.
final class RequestMeter: Sendable {
    /// What is counted apart. All three have few values whatever clients send.
    private struct Series: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private struct Times {
        var buckets = [Int](repeating: 0, count: RequestMeter.bounds.count)
        var sum = 0.0
        var count = 0

        mutating func add(_ seconds: Double) {
            count += 1
            sum += seconds
            for (index, bound) in RequestMeter.bounds.enumerated() where seconds <= bound { buckets[index] += 1 }
        }

        /// Both together.
        func adding(_ other: Times) -> Times {
            var sum = self
            for index in buckets.indices { sum.buckets[index] += other.buckets[index] }
            sum.sum += other.sum
            sum.count += other.count
            return sum
        }
    }

    private struct State {
        var times: [Series: Times] = [:]
        var active = 0
    }

    /// Upper bounds of the histogram, in seconds.
    private static let bounds = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10]
    private let state = Mutex(State())

    func began() { state.withLock { $0.active += 1 } }

    /// - Parameter route: the pattern of the route; nil where there is none.
    func ended(_ method: HTTPRequest.Method, route: String?, status: Int, seconds: Double) {
        let series = Series(method: Self.name(method), route: route ?? "none", status: status)
        state.withLock { state in
            state.active -= 1
            state.times[series, default: Times()].add(seconds)
        }
    }

    private static func name(_ method: HTTPRequest.Method) -> String {
        switch method {
        case .get, .head, .post, .put, .delete, .options: method.rawValue
        default: "other"
        }
    }

    var metrics: [Metric] {
        let state = state.withLock { $0 }
        let requests = state.times.sorted { ($0.key.route, $0.key.method) < ($1.key.route, $1.key.method) }
        let routes = Dictionary(state.times.map { ($0.key.route, $0.value) }) { $0.adding($1) }
        return [
            Metric("http_requests_active", "Requests that are being answered.", Double(state.active)),
            Metric(
                "http_requests_total", .counter, "Requests that were answered, by route.",
                requests.map { series, times in
                    .init(
                        labels: [
                            ("method", series.method), ("route", series.route), ("status", String(series.status)),
                        ], value: Double(times.count))
                }),
            Metric(
                "http_request_duration_seconds", .histogram, "Time until an answer began, by route.",
                routes.sorted { $0.key < $1.key }.flatMap { Self.samples($0.key, $0.value) }),
        ]
    }

    private static func samples(_ route: String, _ times: Times) -> [Metric.Sample] {
        let label = ("route", route)
        return zip(bounds, times.buckets).map { bound, count in
            .init(suffix: "_bucket", labels: [label, ("le", String(bound))], value: Double(count))
        } + [
            .init(suffix: "_bucket", labels: [label, ("le", "+Inf")], value: Double(times.count)),
            .init(suffix: "_sum", labels: [label], value: times.sum),
            .init(suffix: "_count", labels: [label], value: Double(times.count)),
        ]
    }
}

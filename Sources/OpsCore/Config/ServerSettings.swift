import Foundation

/// The HTTP shim.
public struct ServerSettings: Sendable, Equatable {
    /// Address to listen on (API_HOST).
    public var host: String
    /// Port to listen on (API_PORT); 0 takes any free one.
    public var port: Int
    /// Number of workers (API_WORKERS).
    public var workers: Int
    /// Whether migrations are applied before the port opens (AUTO_MIGRATE).
    public var autoMigrate: Bool
    /// Public address of the web application (BASE_URL), without a slash at its end; nil when not set.
    public var baseURL: String?
    /// Origins whose pages may call the shim (CORS_ALLOWED_ORIGINS), `*` for all; empty for none.
    public var corsAllowedOrigins: [String]

    /// Values that no variable gave; each default is that of its variable.
    public init(
        host: String = "127.0.0.1", port: Int = 7777, workers: Int = ProcessInfo.processInfo.activeProcessorCount,
        autoMigrate: Bool = false, baseURL: String? = nil, corsAllowedOrigins: [String] = []
    ) {
        self.host = host
        self.port = port
        self.workers = workers
        self.autoMigrate = autoMigrate
        self.baseURL = baseURL
        self.corsAllowedOrigins = corsAllowedOrigins
    }

    init(_ values: inout SettingValues) {
        let baseURL = values.optionalText(.baseURL)
        self.init(
            host: values.text(.apiHost), port: values.integer(.apiPort), workers: values.integer(.apiWorkers),
            autoMigrate: values.boolean(.autoMigrate) ?? false,
            baseURL: baseURL.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 },
            corsAllowedOrigins: values.list(.corsAllowedOrigins, SettingType.origin))
    }
}

import Glibc
import Hummingbird
import Logging
import NIOCore
import NIOPosix

/// A mail server for development: takes every message, delivers none, and shows them over HTTP as Mailpit does.
public struct MailCapture: Sendable {
    /// The ports that a stack takes where they are free.
    public static let usualSMTPPort: UInt16 = 1025
    public static let usualHTTPPort: UInt16 = 8025

    /// Where it listens, on 127.0.0.1 only.
    public struct Ports: Sendable, Equatable {
        public var smtp: UInt16
        public var http: UInt16
    }

    private let ports: Ports
    private let limits: CaptureLimits
    private let certificateFile: String?

    /// Port 0 is any free one.
    /// - Parameter certificateFile: with it STARTTLS is offered, with a self-made certificate for `localhost` that is
    ///   written to this file, for clients to trust.
    public init(
        smtpPort: UInt16 = usualSMTPPort, httpPort: UInt16 = usualHTTPPort, certificateFile: String? = nil
    ) {
        ports = Ports(smtp: smtpPort, http: httpPort)
        limits = CaptureLimits()
        self.certificateFile = certificateFile
    }

    /// Serves until the task is cancelled; that is its orderly end.
    /// - Parameter onRunning: called once both ports are open.
    /// - Throws: ``DevStackError`` when a port is taken or the certificate cannot be written.
    public func run(onRunning: @escaping @Sendable (Ports) async -> Void = { _ in }) async throws {
        let certificate = try certificateFile.map { path in
            let made = try CaptureCertificate()
            try PrivateFile.write(made.text, to: path)
            return made
        }
        let store = MailStore(limits: limits)
        let chaos = CaptureChaos.Switch()
        let opening = Opening(onRunning)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serveSMTP(store, chaos, certificate, opening) }
            group.addTask { try await serveHTTP(store, chaos, opening) }
            defer { group.cancelAll() }
            do {
                try await group.next()
            } catch is CancellationError {}
        }
    }

    private func serveSMTP(
        _ store: MailStore, _ chaos: CaptureChaos.Switch, _ certificate: CaptureCertificate?, _ opening: Opening
    ) async throws {
        let server = CaptureServer(store: store, chaos: chaos, limits: limits, tls: certificate?.context)
        do {
            try await server.run(port: Int(ports.smtp)) { await opening.opened(smtp: $0) }
        } catch let error as IOError {
            throw Self.failure(ports.smtp, error, "--smtp-port")
        }
    }

    private func serveHTTP(_ store: MailStore, _ chaos: CaptureChaos.Switch, _ opening: Opening) async throws {
        let router = Router(context: BasicRequestContext.self)
        MailboxController(store: store, chaos: chaos).addRoutes(to: router)
        var logger = Logger(label: "mail-capture")
        // The server calls it an error that it is stopped; what really fails is thrown.
        logger.logLevel = .critical
        let application = Application(
            router: router, server: .http1(configuration: .init(idleTimeout: .seconds(60))),
            configuration: .init(address: .hostname("127.0.0.1", port: Int(ports.http)), serverName: nil),
            onServerRunning: { await opening.opened(http: $0.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .singleton, logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw Self.failure(ports.http, error, "--http-port")
        }
    }

    private static func failure(_ port: UInt16, _ error: IOError, _ flag: String) -> DevStackError {
        DevStackError(
            .startFailed, "cannot listen on 127.0.0.1:\(port): \(String(cString: strerror(error.errnoCode)))",
            hint: "choose another \(flag), or 0 for any free port")
    }

    /// Tells once both ports are open.
    private actor Opening {
        private var smtp: Int?
        private var http: Int?
        private let onRunning: @Sendable (Ports) async -> Void

        init(_ onRunning: @escaping @Sendable (Ports) async -> Void) { self.onRunning = onRunning }

        func opened(smtp port: Int) async {
            smtp = port
            await tell()
        }

        func opened(http port: Int) async {
            http = port
            await tell()
        }

        private func tell() async {
            if let smtp, let http { await onRunning(Ports(smtp: UInt16(smtp), http: UInt16(http))) }
        }
    }
}

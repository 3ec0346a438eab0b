import DevStack
import Foundation
import TestSupport
import Testing

@testable import OpsCore

/// Where there can be no lease, that is told, and nothing is written.
@Suite struct LeaseUnavailableTests {
    @Test(arguments: TestTarget.all)
    func anAccountThatMayOnlyReadHasNoLease(_ target: TestTarget) async throws {
        try await TestDatabase.with(on: target) { settings in
            let root = try await DatabaseConnection(settings)
            let name = "lease_" + String(UInt32.random(in: 0 ... .max), radix: 36)
            try await root.execute("CREATE USER \(name) IDENTIFIED BY 'Reader-1234-passphrase'")
            try await root.execute("GRANT SELECT ON \(identifier: settings.database).* TO \(name)")
            let reader = settings.as(name, password: "Reader-1234-passphrase")
            for _ in ["without the table", "with the table"] {
                let error = await #expect(throws: LeaseError.self) {
                    try await Lease.with(reader, owner: LeaseOwner(operation: "backup")) { _ in }
                }
                #expect(error?.kind == .unavailable)
                #expect(error?.code == "LEASE_UNAVAILABLE")
                try await Lease.with(settings, owner: LeaseOwner(operation: "maker")) { _ in }
            }
            try await root.execute("DROP USER \(name)")
        }
    }

    @Test func aReadOnlyServerHasNoLeaseEvenForAnAdministrator() async throws {
        let server = try await TestServer.start(settings: ["read-only": "1"])
        let settings = server.endpoint.rootSettings
        let error = await leaseRefusal {
            try await Lease.with(settings, owner: LeaseOwner(operation: "backup")) { _ in }
        }
        #expect(error?.kind == .unavailable)
        #expect(error?.message.contains("read_only") == true)
        let session = try await DatabaseConnection(settings)
        #expect(try await session.leaseHolder() == nil)
        #expect(try await session.query("SHOW TABLES LIKE 'sysndd_ctl_lease'").isEmpty)
        try await server.stop()
    }
}

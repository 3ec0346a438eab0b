import Foundation
import Subprocess
import TestSupport
import Testing

@testable import OpsCore

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Hashes are shared with programs that use libsodium's scrypt strings, R's sodium among them. A C program that makes the
/// same two calls as that package stands for all of them.
@Suite struct HashInteroperabilityTests {
    private static let source = #"""
        #include <sodium.h>
        #include <stdio.h>
        #include <string.h>

        int main(int count, char **arguments) {
            char password[256];
            size_t length = fread(password, 1, sizeof password, stdin);
            if (sodium_init() < 0) return 2;
            if (count == 2)
                return crypto_pwhash_scryptsalsa208sha256_str_verify(arguments[1], password, length) == 0 ? 0 : 1;
            char hash[crypto_pwhash_scryptsalsa208sha256_STRBYTES];
            if (crypto_pwhash_scryptsalsa208sha256_str(
                    hash, password, length, crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_INTERACTIVE,
                    crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_INTERACTIVE) != 0)
                return 2;
            return printf("%s", hash) > 0 ? 0 : 2;
        }
        """#

    private static let passwords = [
        "Correct-Horse-7!", "Grüße, 3 Uhr morgens!", "a", "π" + String(repeating: "x", count: 99),
    ]

    private struct Failed: Error {}

    private func withProgram(_ body: (String) async throws -> Void) async throws {
        try await TestFolder.with(files: ["hash.c": Self.source]) { folder in
            let program = folder + "/hash"
            let built = try await Subprocess.run(
                .name("gcc"), arguments: ["-Wall", "-Werror", "-o", program, folder + "/hash.c", "-lsodium"],
                output: .discarded, error: .string(limit: 1 << 16))
            try #require(built.terminationStatus.isSuccess, "\(built.standardError)")
            try await body(program)
        }
    }

    /// - Returns: what it printed; nil when it said no.
    private func run(_ program: String, _ arguments: [String], password: String) async throws -> String? {
        let result = try await Subprocess.run(
            .path(FilePath(program)), arguments: Arguments(arguments), input: .string(password),
            output: .string(limit: 1 << 10), error: .discarded)
        guard case .exited(let code) = result.terminationStatus, code != 2 else { throw Failed() }
        return code == 0 ? result.standardOutput : nil
    }

    @Test func whatIsHashedHereIsVerifiedThere() async throws {
        try await withProgram { program in
            for password in Self.passwords {
                let hash = try PasswordHash.make(of: Secret(password)).exposed
                #expect(try await run(program, [hash], password: password) != nil, "\(password)")
                #expect(try await run(program, [hash], password: password + " ") == nil, "\(password)")
            }
        }
    }

    @Test func whatIsHashedThereIsVerifiedHere() async throws {
        try await withProgram { program in
            for password in Self.passwords {
                let hash = try #require(try await run(program, [], password: password))
                #expect(PasswordHash.isHash(Secret(hash)))
                #expect(PasswordHash.verify(Secret(password), against: Secret(hash)), "\(password)")
                #expect(!PasswordHash.verify(Secret(password + " "), against: Secret(hash)), "\(password)")
            }
        }
    }
}

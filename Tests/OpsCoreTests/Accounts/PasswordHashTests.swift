import Foundation
import Testing

@testable import OpsCore

@Suite struct PasswordHashTests {
    @Test func aHashIsOfTheSharedFormAndOnlyItsPasswordMatches() throws {
        let password = Secret("Grüße, 3 Uhr morgens!")
        let hash = try PasswordHash.make(of: password)
        // N = 2^14, r = 8, p = 1, as libsodium's interactive limits give.
        #expect(hash.exposed.hasPrefix("$7$C6..../...."))
        #expect(hash.exposed.utf8.count == 101)
        #expect(PasswordHash.verify(password, against: hash))
        #expect(!PasswordHash.verify(Secret("Grüße, 3 Uhr morgens?"), against: hash))
        #expect(!PasswordHash.verify(password, against: Secret(String(hash.exposed.dropLast()))))
        #expect(!PasswordHash.verify(password, against: Secret("$7$")))
        #expect(!PasswordHash.verify(Secret(""), against: hash))
        #expect(try PasswordHash.make(of: password) != hash)
    }

    @Test func everyCheckComputesOneHashWhateverIsStored() async throws {
        let hasher = try await PasswordHasher(parallelism: 1)
        let right = Secret("right password")
        let hash = try await hasher.hash(right)
        for (stored, expected) in [
            (nil, PasswordHasher.Match.no), (hash, .yes), (right, .plainText), (Secret("wrong password"), .no),
            (Secret(""), .no), (Secret("$7$damaged"), .no), (Secret("$argon2id$v=19$x"), .no),
        ] {
            let before = hasher.operations
            #expect(try await hasher.check(right, against: stored) == expected)
            #expect(hasher.operations == before + 1)
        }
        #expect(try await hasher.check(hash, against: hash) == .no)
        #expect(try await hasher.check(Secret("$7$damaged"), against: Secret("$7$damaged")) == .no)
        #expect(try await hasher.check(Secret("$ecret"), against: Secret("$ecret")) == .plainText)
    }

    @Test func aFloodIsTurnedAwayInsteadOfPilingUp() async throws {
        let hasher = try await PasswordHasher(parallelism: 2)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 1...400 {
                group.addTask {
                    do {
                        _ = try await hasher.check(Secret("password"), against: nil)
                        return true
                    } catch { return (error as? AccountError)?.kind != .overloaded }
                }
            }
            return await group.reduce(into: [false: 0, true: 0]) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes[false, default: 0] > 0)
        #expect(outcomes[true, default: 0] >= 200)
        #expect(try await hasher.check(Secret("password"), against: nil) == .no)
    }

    @Test func thePolicyWantsEveryKindOfCharacter() {
        #expect(PasswordPolicy.accepts("Abcdef1!"))
        for bad in [
            "Abcde1!", "abcdef1!", "ABCDEF1!", "Abcdefg!", "Abcdefg1", String(repeating: "aA1!", count: 13), "Äbcdef1?",
        ] {
            #expect(!PasswordPolicy.accepts(bad))
        }
        let made = (1...200).map { _ in PasswordPolicy.generate() }
        #expect(made.allSatisfy { PasswordPolicy.accepts($0.exposed) })
        #expect(Set(made.map(\.exposed)).count == 200)
    }
}

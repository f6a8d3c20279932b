using System.Collections.Concurrent;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Testing;

/// <summary>A directory over mailboxes in memory: each address is an account of its own, and answers can be given beforehand.</summary>
public sealed class FakeLookup(FakeMailboxes mailboxes) : IAddressLookup
{
    private readonly ConcurrentDictionary<EnvelopeAddress, AccountId> _ids = new();

    /// <summary>What is answered to a question, by its text.</summary>
    public ConcurrentDictionary<string, LookupAnswer> Answers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Who else is behind an address.</summary>
    public ConcurrentDictionary<string, IReadOnlyList<string>> Members { get; } = new();

    public AccountId IdOf(string address) => _ids.GetOrAdd(EnvelopeAddress.Parse(address), _ => new AccountId(_ids.Count + 1));

    public async ValueTask<IReadOnlyList<AccountId>> AccountsOfAsync(EnvelopeAddress address, CancellationToken cancellationToken) =>
        Members.TryGetValue(address.ToString(), out var members) ? [.. members.Select(IdOf)]
        : await mailboxes.JudgeAsync(address, cancellationToken) is RecipientVerdict.Local ? [IdOf(address.ToString())]
        : [];

    public async ValueTask<LookupAnswer> LookUpAsync(EnvelopeAddress address, CancellationToken cancellationToken) =>
        Answers.TryGetValue(address.ToString(), out var answer) ? answer : await mailboxes.JudgeAsync(address, cancellationToken) switch
        {
            RecipientVerdict.Local => new LookupAnswer.Mailbox(new LookupEntry(address, null)),
            RecipientVerdict.NotLocal => new LookupAnswer.NotLocal(),
            RecipientVerdict.Unavailable unavailable => new LookupAnswer.Unavailable(unavailable.Status, unavailable.Reason),
            _ => new LookupAnswer.Unknown(),
        };

    public ValueTask<LookupAnswer> LookUpAsync(string name, CancellationToken cancellationToken) =>
        new(Answers.TryGetValue(name, out var answer) ? answer : new LookupAnswer.Unknown());
}

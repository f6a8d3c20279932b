using System.Collections.Concurrent;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Testing;

/// <summary>Everybody has their own address, and what else is put here.</summary>
public sealed class FakeSenders : ISenders
{
    private readonly ConcurrentDictionary<AccountId, SentMail> _sent = new();

    /// <summary>Addresses that everybody has besides.</summary>
    public IList<string> Shared { get; } = [];

    /// <summary>Why it cannot be found out now.</summary>
    public string? Trouble { get; set; }

    public ValueTask<SenderVerdict> JudgeAsync(Account account, EnvelopeAddress sender, CancellationToken cancellationToken)
    {
        if (Trouble is not null)
            return new(new SenderVerdict.Unavailable(Trouble));

        List<EnvelopeAddress> own = [account.Address, .. Shared.Select(EnvelopeAddress.Parse)];
        return new(own.Contains(sender) ? new SenderVerdict.Own() : new SenderVerdict.NotOwn(own));
    }

    public ValueTask<SentMail> SentAsync(Account account, CancellationToken cancellationToken) => new(_sent.GetValueOrDefault(account.Id));

    public ValueTask<bool> TryCountAsync(Account account, int recipients, SentMail limit, CancellationToken cancellationToken)
    {
        var sent = _sent.GetValueOrDefault(account.Id);
        if (sent.Messages + 1 > limit.Messages || sent.Recipients + recipients > limit.Recipients)
            return new(false);

        _sent[account.Id] = new SentMail(sent.Messages + 1, sent.Recipients + recipients);
        return new(true);
    }
}

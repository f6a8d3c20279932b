using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>As whom an account may write, and how much it has sent. Mda implements it; Mta asks at submission (RFC 6409 §6.1).</summary>
public interface ISenders
{
    /// <summary>Whether mail to the address comes to the account: by its own address, an alias, a detail, a catch-all.</summary>
    ValueTask<SenderVerdict> JudgeAsync(Account account, EnvelopeAddress sender, CancellationToken cancellationToken);

    /// <summary>What the account has sent within the last 24 hours; nothing when that cannot be found out now.</summary>
    ValueTask<SentMail> SentAsync(Account account, CancellationToken cancellationToken);

    /// <summary>Counts one message more, unless it would be too many.</summary>
    /// <param name="limit">What may be sent within 24 hours, this message included.</param>
    /// <returns>Whether it was counted. True too when that cannot be found out now. The count outlives the process; a crash may forget half a minute of it.</returns>
    ValueTask<bool> TryCountAsync(Account account, int recipients, SentMail limit, CancellationToken cancellationToken);
}

public abstract record SenderVerdict
{
    private SenderVerdict()
    {
    }

    public sealed record Own : SenderVerdict;

    /// <param name="Allowed">Addresses of the account, its own first; of many some.</param>
    public sealed record NotOwn(IReadOnlyList<EnvelopeAddress> Allowed) : SenderVerdict;

    /// <summary>It cannot be found out now.</summary>
    public sealed record Unavailable(string Reason) : SenderVerdict;
}

/// <summary>An amount of mail.</summary>
/// <param name="Recipients">Each recipient of each message.</param>
public readonly record struct SentMail(long Messages, long Recipients);

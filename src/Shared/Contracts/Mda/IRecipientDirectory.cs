using MailSuite.Shared.Addressing;
using MailSuite.Shared.Status;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>Says who is local, at RCPT time. Mda implements it, Mta calls it.</summary>
public interface IRecipientDirectory
{
    /// <summary>Whether mail for this address is delivered here; quick enough to be asked for every RCPT.</summary>
    ValueTask<RecipientVerdict> JudgeAsync(EnvelopeAddress recipient, CancellationToken cancellationToken);

    /// <summary>The mailbox that <c>&lt;Postmaster&gt;</c> without a domain means here (RFC 5321 §4.5.1).</summary>
    EnvelopeAddress Postmaster { get; }
}

public abstract record RecipientVerdict
{
    private RecipientVerdict()
    {
    }

    /// <summary>A mailbox here, or an alias whose mailboxes are all here.</summary>
    public sealed record Local : RecipientVerdict;

    /// <summary>An alias that leads to addresses of other hosts, whoever sends to it: the configuration says so.</summary>
    /// <param name="Elsewhere">Those addresses, 1,000 at most.</param>
    /// <param name="AlsoHere">Whether mailboxes here are among its targets too; local delivery to the alias reaches these and no others.</param>
    public sealed record Forwards(IReadOnlyList<EnvelopeAddress> Elsewhere, bool AlsoHere) : RecipientVerdict;

    /// <summary>It was here and is elsewhere now, and mail for it is not forwarded (RFC 5321 §3.4).</summary>
    public sealed record Moved(EnvelopeAddress NewAddress) : RecipientVerdict;

    /// <summary>The domain is not ours: a matter of relaying.</summary>
    public sealed record NotLocal : RecipientVerdict;

    /// <summary>The domain is ours and has no such mailbox.</summary>
    public sealed record NoSuchMailbox : RecipientVerdict;

    /// <summary>The mailbox cannot take mail now or ever, by the class of <paramref name="Status"/>.</summary>
    public sealed record Unavailable(EnhancedStatusCode Status, string Reason) : RecipientVerdict;
}

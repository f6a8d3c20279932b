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

    /// <summary>A mailbox or an alias here.</summary>
    public sealed record Local : RecipientVerdict;

    /// <summary>The domain is not ours: a matter of relaying.</summary>
    public sealed record NotLocal : RecipientVerdict;

    /// <summary>The domain is ours and has no such mailbox.</summary>
    public sealed record NoSuchMailbox : RecipientVerdict;

    /// <summary>The mailbox cannot take mail now or ever, by the class of <paramref name="Status"/>.</summary>
    public sealed record Unavailable(EnhancedStatusCode Status, string Reason) : RecipientVerdict;
}

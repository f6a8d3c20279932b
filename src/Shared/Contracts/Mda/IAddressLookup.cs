using MailSuite.Shared.Addressing;
using MailSuite.Shared.Status;

namespace MailSuite.Shared.Contracts.Mda;

/// <summary>Tells who is behind an address or a name, for people who ask (RFC 5321 §3.5) and for what is shown to them. Mda implements it, Mta asks.</summary>
/// <remarks>It changes nothing: an account that is to come with its first mail is not made by a question.</remarks>
public interface IAddressLookup
{
    /// <summary>The accounts here that mail for the address reaches now; none when it reaches nobody, and when it cannot be found out.</summary>
    ValueTask<IReadOnlyList<AccountId>> AccountsOfAsync(EnvelopeAddress address, CancellationToken cancellationToken);

    /// <summary>Who or what the address is.</summary>
    ValueTask<LookupAnswer> LookUpAsync(EnvelopeAddress address, CancellationToken cancellationToken);

    /// <summary>Whose name this is: a local-part at any domain of ours, or a person's name as From shows it; without regard to case.</summary>
    ValueTask<LookupAnswer> LookUpAsync(string name, CancellationToken cancellationToken);
}

/// <summary>One who gets mail.</summary>
/// <param name="Name">The person's name, where there is one.</param>
public sealed record LookupEntry(EnvelopeAddress Address, string? Name);

public abstract record LookupAnswer
{
    private LookupAnswer()
    {
    }

    /// <summary>A mailbox here.</summary>
    public sealed record Mailbox(LookupEntry Entry) : LookupAnswer;

    /// <summary>An alias.</summary>
    /// <param name="Members">Who gets the mail in the end, aliases of aliases followed; 100 at most.</param>
    /// <param name="IsWhole">Whether these are all.</param>
    public sealed record List(EnvelopeAddress Address, IReadOnlyList<LookupEntry> Members, bool IsWhole) : LookupAnswer;

    /// <summary>An alias that leads to one address of another host.</summary>
    public sealed record Forwarded(EnvelopeAddress Address, EnvelopeAddress To) : LookupAnswer;

    /// <summary>It is elsewhere now, and mail is not forwarded (RFC 5321 §3.4).</summary>
    public sealed record Moved(EnvelopeAddress Address, EnvelopeAddress To) : LookupAnswer;

    /// <summary>More than one may be meant.</summary>
    /// <param name="Candidates">20 at most.</param>
    public sealed record Ambiguous(IReadOnlyList<LookupEntry> Candidates) : LookupAnswer;

    /// <summary>Nobody here is called so.</summary>
    public sealed record Unknown : LookupAnswer;

    /// <summary>The domain is not ours.</summary>
    public sealed record NotLocal : LookupAnswer;

    /// <summary>It cannot be found out now. <paramref name="Status"/> is 4.x.x.</summary>
    public sealed record Unavailable(EnhancedStatusCode Status, string Reason) : LookupAnswer;
}

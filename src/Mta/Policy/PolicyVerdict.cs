using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy;

/// <summary>What a policy says.</summary>
internal abstract record PolicyVerdict
{
    private PolicyVerdict()
    {
    }

    /// <summary>Nothing to object and nothing to say.</summary>
    public static PolicyVerdict Accepted { get; } = new Accept(null);

    /// <summary>The word for people: <c>refused</c>.</summary>
    public abstract string Word { get; }

    /// <param name="Remark">What a person should find in the journey; <see langword="null"/> for the usual case.</param>
    internal sealed record Accept(string? Remark) : PolicyVerdict
    {
        public override string Word => "accepted";
    }

    /// <summary>Accepted, and delivered to the Junk mailbox. A later policy may still object.</summary>
    /// <param name="Status">5.x.x; told where a message cannot be quarantined, since it is for another host.</param>
    internal sealed record Quarantine(EnhancedStatusCode Status, string Reason) : PolicyVerdict
    {
        public override string Word => "quarantined";
    }

    /// <summary>No. The first objection decides.</summary>
    /// <param name="Reason">One sentence that the sender hears.</param>
    internal abstract record Objection(EnhancedStatusCode Status, string Reason) : PolicyVerdict
    {
        /// <summary>The reply code where it does not follow from <see cref="Status"/>.</summary>
        public int? ReplyCode { get; init; }

        /// <summary>Whether the session ends with it.</summary>
        public bool EndsSession { get; init; }
    }

    /// <summary>Not now. <paramref name="Status"/> is 4.x.x.</summary>
    internal sealed record Defer(EnhancedStatusCode Status, string Reason) : Objection(Status, Reason)
    {
        public override string Word => "deferred";
    }

    /// <summary>Never. <paramref name="Status"/> is 5.x.x.</summary>
    internal sealed record Refuse(EnhancedStatusCode Status, string Reason) : Objection(Status, Reason)
    {
        public override string Word => "refused";
    }
}

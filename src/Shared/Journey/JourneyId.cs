namespace MailSuite.Shared.Journey;

/// <summary>Names the way of one message through the roles, from the moment one of them first has it in hand.</summary>
/// <remarks>Every contract that hands a message on hands on its journey too. Ids made later sort later (RFC 9562 §5.7).</remarks>
public readonly record struct JourneyId(Guid Value)
{
    public static JourneyId New(TimeProvider clock) => new(Guid.CreateVersion7(clock.GetUtcNow()));

    public static bool TryParse(string? text, out JourneyId id)
    {
        var good = Guid.TryParseExact(text, "N", out var value);
        id = new JourneyId(value);
        return good;
    }

    public override string ToString() => Value.ToString("N");
}

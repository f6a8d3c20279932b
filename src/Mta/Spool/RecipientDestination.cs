namespace MailSuite.Mta.Spool;

/// <summary>The destination of a recipient that a person has sent another way: what goes to one next hop is one lane, apart from the domain of that name.</summary>
internal static class RecipientDestination
{
    /// <summary>No domain begins with it.</summary>
    private const char Mark = '>';

    public static string Rerouted(string nextHop) => Mark + nextHop;

    public static bool IsRerouted(string destination) => destination is [Mark, ..];

    /// <summary>For people.</summary>
    public static string Shown(string destination) => IsRerouted(destination) ? destination[1..] : destination;
}

namespace MailSuite.Mta.Spool.Sqlite;

/// <summary>Where the reading of a destination's senders in turn stands. A round in which nothing is found may take several readings.</summary>
internal sealed class SenderRound
{
    private string _destination = "";

    /// <summary>The sender after whom to go on.</summary>
    public long Turn { get; set; } = long.MinValue;

    /// <summary>The sender with whom the round ends; <see langword="null"/> when the next reading begins one.</summary>
    public long? Begun { get; private set; }

    /// <summary>Whether it has come to the last sender and gone on with the first.</summary>
    public bool HasTurned { get; private set; }

    /// <summary>Goes on with the round, or begins one where it stands.</summary>
    public void GoOn(string destination)
    {
        if (Begun is null || _destination != destination)
            (_destination, Begun, HasTurned) = (destination, Turn, false);
    }

    /// <summary>Behind the last sender comes the first.</summary>
    public void TurnAround() => (Turn, HasTurned) = (long.MinValue, true);

    /// <summary>The next reading begins a round: this one is over, or something that it has passed may be due now.</summary>
    public void BeginAnew() => Begun = null;
}

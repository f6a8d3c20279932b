namespace MailSuite.Mua.Terminals;

/// <summary>An open page, as the register of terminals sees it.</summary>
internal interface ITerminalPage
{
    /// <summary>Whether a browser is at the other end now.</summary>
    bool IsConnected { get; }

    /// <summary>Draws what there is to show, and asks the browser whether this notice stands on the screen.</summary>
    Task<bool> ShowAsync(TerminalNotice notice, CancellationToken cancellationToken);

    /// <summary>Draws anew: a notice has gone. Returns at once.</summary>
    void Refresh();
}

using Microsoft.AspNetCore.Components.Server.Circuits;

namespace MailSuite.Mua.Terminals;

/// <summary>Whether the browser of one open page is connected: a page whose lid was closed is kept for a while, and nobody sits before it.</summary>
internal sealed class PageConnection : CircuitHandler
{
    private volatile bool _isUp;

    internal bool IsUp => _isUp;

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _isUp = true;
        return Task.CompletedTask;
    }

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _isUp = false;
        return Task.CompletedTask;
    }
}

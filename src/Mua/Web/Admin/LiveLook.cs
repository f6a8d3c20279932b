using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mua.Web.Admin;

/// <summary>A part of a page that looks again by itself every few seconds, as long as who looks is an administrator.</summary>
/// <remarks>Rows are kept by their keys, so that what did not change is not drawn anew: selection, focus and scroll stay where they are.</remarks>
public abstract partial class LiveLook : ComponentBase, IDisposable
{
    /// <summary>Between two looks; a look that takes long makes the next one wait four times as long.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private const int Patience = 4;

    private readonly CancellationTokenSource _gone = new();
    private bool _isBegun;

    /// <summary>The name of the reader's time zone.</summary>
    [Parameter, EditorRequired]
    public string Zone { get; set; } = "";

    [Inject]
    internal AdminRight Right { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    [Inject]
    internal ILoggerFactory Loggers { get; set; } = null!;

    [CascadingParameter]
    internal Task<AuthenticationState> Authentication { get; set; } = null!;

    protected bool IsPaused { get; set; }

    /// <summary>What went wrong with the last look; <see langword="null"/> when nothing did.</summary>
    protected string? Trouble { get; private set; }

    /// <summary>The program's time of the last look.</summary>
    protected DateTimeOffset Now { get; private set; }

    protected TimeZoneInfo TimeZone => Times.Zone(Zone);

    protected CancellationToken Gone => _gone.Token;

    /// <summary>Reads before the first drawing: an island that wakes up over what the server drew would otherwise replace it by nothing first.</summary>
    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        OnLook();
        await LookAsync();
        await base.SetParametersAsync(ParameterView.Empty);
    }

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Before the first look, and when what is to be shown has changed.</summary>
    protected virtual void OnLook()
    {
    }

    protected abstract Task ReadAsync(CancellationToken cancellationToken);

    /// <summary>Who is signed in, if an administrator still; others are led away.</summary>
    protected async Task<string?> AdministratorAsync()
    {
        var user = (await Authentication).User;
        if (await Right.HasAsync(user, Gone))
            return AccountClaims.Read(user).Address.ToString();
        Navigation.NavigateTo("/mail", forceLoad: true);
        return null;
    }

    /// <summary>Looks now.</summary>
    protected async Task LookAsync()
    {
        try
        {
            if (await AdministratorAsync() is null)
                return;
            Now = Clock.GetUtcNow();
            await ReadAsync(Gone);
            Trouble = null;
        }
        catch (Exception e) when (e is not OperationCanceledException and not NavigationException)
        {
            Trouble = "It cannot be read now; it is tried again by itself.";
            LogTrouble(Loggers.CreateLogger<LiveLook>(), e);
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (_isBegun || !RendererInfo.IsInteractive)
            return;
        _isBegun = true;
        _ = LookOnAsync();
    }

    private async Task LookOnAsync()
    {
        try
        {
            var wait = Interval;
            while (true)
            {
                await Task.Delay(wait, Clock, Gone);
                if (IsPaused)
                    continue;

                var started = Clock.GetTimestamp();
                await InvokeAsync(async () =>
                {
                    await LookAsync();
                    StateHasChanged();
                });
                var took = Clock.GetElapsedTime(started) * Patience;
                wait = took > Interval ? took : Interval;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The page is closed.
        }
    }

    [LoggerMessage(LogLevel.Warning, "A page of administrators could not read what it shows.")]
    private static partial void LogTrouble(ILogger logger, Exception exception);
}

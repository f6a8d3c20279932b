using Spectre.Console;
using Spectre.Console.Rendering;

namespace MailSuite.Mua.Cli.Queue;

/// <summary>What is looked at again and again: drawn over itself on a terminal, printed one below the other elsewhere, until Ctrl+C.</summary>
internal static class LiveView
{
    /// <param name="draw">What a person sees.</param>
    /// <param name="write">The same, for what is no terminal.</param>
    public static async Task RunAsync<T>(
        TextWriter output, TimeSpan interval, Func<CancellationToken, Task<T>> ask, Func<T, IRenderable> draw, Action<T> write, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Console.CancelKeyPress += Stop;
        try
        {
            if (ConsoleText.IsForPeople(output))
                await ConsoleText.On(output).Live(draw(await ask(stop.Token))).StartAsync(live => RepeatAsync(shown => live.UpdateTarget(draw(shown))));
            else
                await RepeatAsync(write);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // That is its end.
        }
        finally
        {
            Console.CancelKeyPress -= Stop;
        }

        // The cursor comes back before the program goes.
        void Stop(object? sender, ConsoleCancelEventArgs e)
        {
            e.Cancel = true;
            stop.Cancel();
        }

        async Task RepeatAsync(Action<T> show)
        {
            using var timer = new PeriodicTimer(interval);
            do
                show(await ask(stop.Token));
            while (await timer.WaitForNextTickAsync(stop.Token));
        }
    }
}

namespace MailSuite.Mta.Queue;

/// <summary>Runs what would hold up the queue's loop, and has the loop go on with what came of it.</summary>
/// <param name="order">Has the loop do something.</param>
/// <param name="fault">Is told of a fault, and awaited: what failed is not tried again at once.</param>
internal sealed class LoopTasks(Action<Action> order, Func<Exception, Task> fault, CancellationToken stopping)
{
    /// <summary>How many are under way.</summary>
    public int Count { get; private set; }

    /// <summary>Starts something. Called by the loop.</summary>
    /// <param name="then">Called by the loop with the result; <see langword="default"/> after a fault, and when the program ends.</param>
    public void Run<T>(Func<CancellationToken, Task<T>> work, Action<T?> then)
    {
        Count++;
        _ = RunAsync(work, then);
    }

    private async Task RunAsync<T>(Func<CancellationToken, Task<T>> work, Action<T?> then)
    {
        var result = default(T);
        try
        {
            result = await Task.Run(() => work(stopping), CancellationToken.None);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next start does it.
        }
        catch (Exception e)
        {
            await fault(e);
        }

        order(() =>
        {
            Count--;
            then(result);
        });
    }
}

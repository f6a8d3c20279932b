namespace MailSuite.Mta.Routing;

/// <summary>
/// Answers of other hosts for as long as they hold: so many at most, the least used are forgotten first. Who asks what is being asked for waits for the same answer.
/// </summary>
internal sealed class AnswerCache<TQuestion>(int capacity, TimeProvider clock)
    where TQuestion : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TQuestion, LinkedListNode<(TQuestion Question, object Answer, DateTimeOffset Until)>> _known = [];
    private readonly LinkedList<(TQuestion Question, object Answer, DateTimeOffset Until)> _byUse = new();
    private readonly Dictionary<TQuestion, Task<object>> _underWay = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _known.Count;
        }
    }

    /// <param name="ask">Asks, at most as long as its own time-outs allow, and tells how long the answer holds. It throws nothing.</param>
    /// <param name="cancellationToken">Ends the waiting; the question goes on for the others.</param>
    public async ValueTask<T> GetAsync<T>(TQuestion question, Func<Task<(T Answer, TimeSpan Lifetime)>> ask, CancellationToken cancellationToken)
        where T : class
    {
        Task<object>? task;
        lock (_lock)
        {
            if (_known.TryGetValue(question, out var node))
            {
                _byUse.Remove(node);
                if (node.Value.Until > clock.GetUtcNow())
                {
                    _byUse.AddFirst(node);
                    return (T)node.Value.Answer;
                }

                _known.Remove(question);
            }

            if (!_underWay.TryGetValue(question, out task))
            {
                task = Task.Run(() => AskAsync(question, ask), CancellationToken.None);
                _underWay.Add(question, task);
            }
        }

        return (T)await task.WaitAsync(cancellationToken);
    }

    private async Task<object> AskAsync<T>(TQuestion question, Func<Task<(T Answer, TimeSpan Lifetime)>> ask)
        where T : class
    {
        try
        {
            var (answer, lifetime) = await ask();
            if (lifetime > TimeSpan.Zero && capacity > 0)
                Keep(question, answer, clock.GetUtcNow() + lifetime);
            return answer;
        }
        finally
        {
            lock (_lock)
                _underWay.Remove(question);
        }
    }

    private void Keep(TQuestion question, object answer, DateTimeOffset until)
    {
        lock (_lock)
        {
            if (_known.Remove(question, out var old))
                _byUse.Remove(old);
            if (_known.Count >= capacity)
            {
                _known.Remove(_byUse.Last!.Value.Question);
                _byUse.RemoveLast();
            }

            _known.Add(question, _byUse.AddFirst((question, answer, until)));
        }
    }
}

namespace MailSuite.Suite.Tests.Support;

/// <summary>Waits for something that another thread or process brings about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Asks again and again until there is an answer.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> ask, string what)
        where T : class
    {
        var end = DateTime.UtcNow + Patience;
        while (true)
        {
            if (await ask() is { } answer)
                return answer;
            Assert.True(DateTime.UtcNow < end, $"Not within {Patience.TotalSeconds} s: {what}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    public static Task HoldsAsync(Func<Task<bool>> condition, string what) => GetAsync(async () => await condition() ? "yes" : null, what);
}

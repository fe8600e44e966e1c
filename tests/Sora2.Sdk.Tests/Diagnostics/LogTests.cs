using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Sora2.Sdk.Diagnostics;
using Sora2.Sdk.Tests.Support;

namespace Sora2.Sdk.Tests.Diagnostics;

public sealed class LogTests : IDisposable
{
    private const string Running = """{"status":"IN_PROGRESS","progress":"40%"}""";
    private const string Done = """{"status":"SUCCESS","video_url":"https://x/v.mp4"}""";

    private readonly VirtualClock _clock = new();
    private readonly List<Listening> _all = [];

    public void Dispose() => _all.ForEach(heard => heard.Dispose());

    [Fact]
    public async Task Information_logs_acceptance_changes_and_end_of_a_task()
    {
        var heard = Listen(LogLevel.Information);
        using var client = Client(heard, n => n switch { 0 => TestClients.Accepted(Sora2Platform.Juxin), < 4 => Running, _ => Done });

        await _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a red balloon")));

        Assert.Equal(
            [
                (10, "Juxin \"log\" accepted task task-1 (video, sora-2-all) in 0 s"),
                (20, "Task task-1 on Juxin \"log\" is InProgress (IN_PROGRESS) at 40%"),
                (21, "Task task-1 on Juxin \"log\" succeeded"),
            ],
            heard.Lines.Select(line => (line.Id, line.Text)));
        Assert.All(heard.Lines, line => Assert.Equal(("Sora2.Sdk", LogLevel.Information), (line.Category, line.Level)));
    }

    [Fact]
    public async Task Debug_logs_every_call_and_every_poll()
    {
        var heard = Listen(LogLevel.Debug);
        using var client = Client(
            heard,
            n => n switch { 0 => TestClients.Accepted(Sora2Platform.Juxin), 1 => "not json", < 4 => Running, _ => Done },
            options => options.QueryRetries = 1);

        await _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a red balloon")));

        Assert.Equal([100, 101, 10, 100, 101, 102, 103, 100, 101, 20, 100, 101, 104, 100, 101, 21], heard.Lines.Select(line => line.Id));
        Assert.Contains("POST https://api.jxincm.cn/v1/video/create", heard.Lines.First().Text, StringComparison.Ordinal);
        Assert.All(
            ["OK", "41 bytes", "GET https://api.jxincm.cn/v1/video/query ", "in 0 s", "task task-1"],
            part => Assert.Contains(part, heard.Lines.ElementAt(8).Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_from_outside_stay_on_one_line_and_contain_no_key()
    {
        const string Forged = "x\nfail: Bank[1] sk-fake-key-0000";
        var heard = Listen(LogLevel.Trace);
        using var client = Client(heard, n => n switch
        {
            0 => """{"id":"x\nfail: Bank[1] sk-fake-key-0000","status":"queued"}""",
            1 => """{"id":"y","status":"x\nfail: Bank[1] sk-fake-key-0000"}""",
            2 => Done,
            3 => """{"id":"ch_1","username":"x\nfail: Bank[1] sk-fake-key-0000"}""",
            _ => """{"code":"invalid_api_key","message":"wrong key"}""",
        });

        await _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a") { Model = Forged }));
        await client.Characters.CreateAsync(
            CharacterRequest.FromTask("task-1", new TimeRange(1, 3)), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<Sora2ApiException>(
            () => client.Videos.WaitAsync(Forged, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Superset(new HashSet<int> { 10, 11, 20, 21, 25, 100, 101 }, heard.Lines.Select(line => line.Id).ToHashSet());
        var accepted = heard.Lines.Single(line => line.Id == 10).Text;
        Assert.Contains("task x fail: Bank[1] sk-*** (video, x fail: Bank[1] sk-***)", accepted, StringComparison.Ordinal);
        string[] texts =
        [
            .. heard.Lines.Select(line => $"{line.Text} {line.Values}"),
            .. heard.Spans.Select(span => $"{span.DisplayName} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Links)}"),
        ];
        Assert.All(texts, text => Assert.DoesNotContain("\n", text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain("sk-fake", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "prompt 'a red balloon' is not allowed")]
    [InlineData(false, "prompt '…' is not allowed")]
    public async Task Prompt_quoted_by_the_platform_is_logged_only_with_LogPrompts(bool logPrompts, string reason)
    {
        var heard = Listen(LogLevel.Debug);
        using var client = Client(
            heard,
            _ => """{"error":{"message":"The prompt 'a red balloon' is not allowed"}}""",
            options => options.LogPrompts = logPrompts,
            HttpStatusCode.BadRequest);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(
            () => client.Videos.CreateAsync(new VideoRequest("a red balloon"), TestContext.Current.CancellationToken));

        Assert.Contains("a red balloon", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            [12, 102], heard.Lines.Where(line => line.Text.Contains(reason, StringComparison.Ordinal)).Select(line => line.Id).Order());
        Assert.Contains(reason, Assert.Single(heard.Spans).StatusDescription, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LogLevel.Trace, true, true)]
    [InlineData(LogLevel.Trace, false, false)]
    [InlineData(LogLevel.Debug, true, false)]
    public async Task Prompt_is_logged_only_at_Trace_with_LogPrompts(LogLevel level, bool logPrompts, bool isLogged)
    {
        var heard = Listen(level);
        using var client = Client(heard, _ => TestClients.Accepted(Sora2Platform.Juxin), options => options.LogPrompts = logPrompts);

        await client.Videos.CreateAsync(
            new VideoRequest("a red balloon like https://h/a.png?sig=abc"), TestContext.Current.CancellationToken);

        Assert.Equal(isLogged ? 1 : 0, heard.Lines.Count(line => line.Text.Contains("a red balloon", StringComparison.Ordinal)));
        Assert.DoesNotContain(heard.Lines, line => (line.Text + line.Values).Contains("abc", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lost_response_is_an_error_and_a_refusal_a_warning()
    {
        var heard = Listen();
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new StubHandler((n, _) => n == 0
                ? throw new HttpRequestException(HttpRequestError.ResponseEnded, "gone")
                : StubHandler.Json("""{"error":"额度不足"}""", HttpStatusCode.Forbidden)),
            options => options.LoggerFactory = heard,
            name: "log");

        await Assert.ThrowsAsync<SubmissionUnknownException>(
            () => client.Videos.CreateAsync(new VideoRequest("a"), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<Sora2ApiException>(
            () => client.Videos.CreateAsync(new VideoRequest("a"), TestContext.Current.CancellationToken));

        Assert.Equal(
            [(13, LogLevel.Error), (12, LogLevel.Warning)],
            heard.Lines.Where(line => line.Level > LogLevel.Information).Select(line => (line.Id, line.Level)));
    }

    [Fact]
    public async Task Read_only_character_library_is_logged_and_loses_no_task()
    {
        var heard = Listen();
        using var client = Client(
            heard,
            _ => TestClients.Accepted(Sora2Platform.Juxin),
            options => options.CharacterLibrary = new CharacterLibrary(new ReadOnlyCharacters()));

        var task = await client.Videos.CreateAsync(new VideoRequest("@cat sleeps"), TestContext.Current.CancellationToken);

        Assert.Equal("task-1", task.Id);
        Assert.Contains("the disk is full", Assert.Single(heard.Lines, line => line.Id == 41).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logger_that_throws_loses_no_task()
    {
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new StubHandler((n, _) => StubHandler.Json(n == 0 ? TestClients.Accepted(Sora2Platform.Juxin) : Done)),
            options => (options.TimeProvider, options.LoggerFactory) = (_clock, new FullDisk()));

        var task = await _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a")));

        Assert.Equal(("task-1", VideoTaskStatus.Succeeded), (task.Id, task.Status));
    }

    [Fact]
    public void Every_event_is_documented_with_its_id_and_level()
    {
        var defined = typeof(Log)
            .GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()!)
            .ToList();
        var documented = Documents.TableOf("docs/telemetry.md", "| id | level |").Select(row => (row[0], row[1]));

        Assert.Equal(
            defined.Select(line => (line.EventId.ToString(System.Globalization.CultureInfo.InvariantCulture), line.Level.ToString())),
            documented);
        Assert.Equal(defined.Count, defined.Select(line => line.EventId).Distinct().Count());
    }

    private Listening Listen(LogLevel level = LogLevel.Trace)
    {
        var heard = new Listening("log") { Level = level };
        _all.Add(heard);
        return heard;
    }

    private Sora2Client Client(
        Listening heard,
        Func<int, string> response,
        Action<Sora2ClientOptions>? configure = null,
        HttpStatusCode status = HttpStatusCode.OK) => TestClients.Create(
        Sora2Platform.Juxin,
        new StubHandler((n, _) => StubHandler.Json(response(n), status)),
        options =>
        {
            (options.TimeProvider, options.PollJitter, options.LoggerFactory) = (_clock, 0, heard);
            configure?.Invoke(options);
        },
        name: "log");

    private sealed class FullDisk : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => throw new IOException("the disk is full");

        public void Dispose()
        {
        }
    }

    private sealed class ReadOnlyCharacters : ICharacterStore
    {
        public Task<LibraryCharacter?> FindAsync(string name, CancellationToken cancellationToken = default) =>
            Task.FromResult<LibraryCharacter?>(null);

        public async IAsyncEnumerable<LibraryCharacter> SearchAsync(
            CharacterQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            yield return new LibraryCharacter { Username = "ab.cat", Alias = "cat" };
        }

        public Task<LibraryCharacter?> UpsertAsync(
            string username, Func<LibraryCharacter?, LibraryCharacter?> change, CancellationToken cancellationToken = default) =>
            throw new IOException("the disk is full");

        public Task<bool> RemoveAsync(string username, CancellationToken cancellationToken = default) =>
            throw new IOException("the disk is full");
    }
}

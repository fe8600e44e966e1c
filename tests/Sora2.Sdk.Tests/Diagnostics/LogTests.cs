using System.Net;
using System.Reflection;
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
    public async Task At_Information_a_video_is_its_acceptance_its_changes_and_its_end()
    {
        var heard = Listen(LogLevel.Information);
        using var client = Client(heard, n => n switch { 0 => TestClients.Accepted(Sora2Platform.Juxin), < 4 => Running, _ => Done });

        await _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a red balloon")));

        Assert.Equal(
            [
                (10, "Juxin \"log\" accepted task task-1, a video (sora-2-all), after 0 s."),
                (20, "Task task-1 on Juxin \"log\" is InProgress (IN_PROGRESS) at 40%."),
                (21, "Task task-1 on Juxin \"log\" succeeded."),
            ],
            heard.Lines.Select(line => (line.Id, line.Text)));
        Assert.All(heard.Lines, line => Assert.Equal(("Sora2.Sdk", LogLevel.Information), (line.Category, line.Level)));
    }

    [Fact]
    public async Task At_Debug_every_call_and_every_question_is_told()
    {
        var heard = Listen(LogLevel.Debug);
        using var client = Client(heard, n => n switch { 0 => TestClients.Accepted(Sora2Platform.Juxin), 1 => "not json", < 4 => Running, _ => Done }, options => options.QueryRetries = 1);

        await _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a red balloon")));

        Assert.Equal([100, 101, 10, 100, 101, 102, 103, 100, 101, 20, 100, 101, 104, 100, 101, 21], heard.Lines.Select(line => line.Id));
        Assert.Equal("Juxin \"log\": POST https://api.jxincm.cn/v1/video/create begins, task (none).", heard.Lines.First().Text);
        Assert.Contains("GET https://api.jxincm.cn/v1/video/query answered OK with 41 bytes after 0 s, task task-1", heard.Lines.ElementAt(8).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_callers_and_platforms_make_up_stay_on_one_line_and_tell_no_key()
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
        await client.Characters.CreateAsync(CharacterRequest.FromTask("task-1", new TimeRange(1, 3)), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.WaitAsync(Forged, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Superset(new HashSet<int> { 10, 11, 20, 21, 25, 100, 101 }, heard.Lines.Select(line => line.Id).ToHashSet());
        Assert.Contains("accepted task x fail: Bank[1] sk-***, a video (x fail: Bank[1] sk-***), after", heard.Lines.Single(line => line.Id == 10).Text, StringComparison.Ordinal);
        string[] told = [.. heard.Lines.Select(line => $"{line.Text} {line.Values}"), .. heard.Spans.Select(span => $"{span.DisplayName} {string.Join(' ', span.TagObjects)} {string.Join(' ', span.Links)}")];
        Assert.All(told, text => Assert.DoesNotContain("\n", text, StringComparison.Ordinal));
        Assert.All(told, text => Assert.DoesNotContain("sk-fake", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "prompt 'a red balloon' is not allowed")]
    [InlineData(false, "prompt '…' is not allowed")]
    public async Task A_prompt_that_the_platform_quotes_is_told_if_asked_for(bool logPrompts, string reason)
    {
        var heard = Listen(LogLevel.Debug);
        using var client = Client(heard, _ => """{"error":{"message":"The prompt 'a red balloon' is not allowed"}}""", options => options.LogPrompts = logPrompts, HttpStatusCode.BadRequest);

        var error = await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a red balloon"), TestContext.Current.CancellationToken));

        Assert.Contains("a red balloon", error.Message, StringComparison.Ordinal);
        Assert.Equal([12, 102], heard.Lines.Where(line => line.Text.Contains(reason, StringComparison.Ordinal)).Select(line => line.Id).Order());
        Assert.Contains(reason, Assert.Single(heard.Spans).StatusDescription, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LogLevel.Trace, true, true)]
    [InlineData(LogLevel.Trace, false, false)]
    [InlineData(LogLevel.Debug, true, false)]
    public async Task A_prompt_is_told_at_Trace_and_if_asked_for(LogLevel level, bool logPrompts, bool isTold)
    {
        var heard = Listen(level);
        using var client = Client(heard, _ => TestClients.Accepted(Sora2Platform.Juxin), options => options.LogPrompts = logPrompts);

        await client.Videos.CreateAsync(new VideoRequest("a red balloon like https://h/a.png?sig=abc"), TestContext.Current.CancellationToken);

        Assert.Equal(isTold ? 1 : 0, heard.Lines.Count(line => line.Text.Contains("a red balloon", StringComparison.Ordinal)));
        Assert.DoesNotContain(heard.Lines, line => (line.Text + line.Values).Contains("abc", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lost_answer_is_an_error_and_a_refusal_a_warning()
    {
        var heard = Listen();
        using var client = TestClients.Create(
            Sora2Platform.Juxin,
            new StubHandler((n, _) => n == 0 ? throw new HttpRequestException(HttpRequestError.ResponseEnded, "gone") : StubHandler.Json("""{"error":"额度不足"}""", HttpStatusCode.Forbidden)),
            options => options.LoggerFactory = heard,
            name: "log");

        await Assert.ThrowsAsync<SubmissionUnknownException>(() => client.Videos.CreateAsync(new VideoRequest("a"), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<Sora2ApiException>(() => client.Videos.CreateAsync(new VideoRequest("a"), TestContext.Current.CancellationToken));

        Assert.Equal([(13, LogLevel.Error), (12, LogLevel.Warning)], heard.Lines.Where(line => line.Level > LogLevel.Information).Select(line => (line.Id, line.Level)));
    }

    [Fact]
    public async Task A_library_that_cannot_be_written_is_told_and_costs_no_task()
    {
        var heard = Listen();
        using var client = Client(heard, _ => TestClients.Accepted(Sora2Platform.Juxin), options => options.CharacterLibrary = new CharacterLibrary(new ReadOnlyCharacters()));

        var task = await client.Videos.CreateAsync(new VideoRequest("@cat sleeps"), TestContext.Current.CancellationToken);

        Assert.Equal("task-1", task.Id);
        Assert.Contains("the disk is full", Assert.Single(heard.Lines, line => line.Id == 41).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_throws_costs_no_task()
    {
        using var client = TestClients.Create(Sora2Platform.Juxin, new StubHandler((n, _) => StubHandler.Json(n == 0 ? TestClients.Accepted(Sora2Platform.Juxin) : Done)), options => (options.TimeProvider, options.LoggerFactory) = (_clock, new FullDisk()));

        var task = await _clock.RunAsync(client.Videos.GenerateAsync(new VideoRequest("a")));

        Assert.Equal(("task-1", VideoTaskStatus.Succeeded), (task.Id, task.Status));
    }

    [Fact]
    public void Every_line_stands_in_the_documentation_with_its_id_and_level()
    {
        var defined = typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public).Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()!).ToList();
        var documented = Documents.TableOf("docs/telemetry.md", "| id | level |").Select(row => (row[0], row[1]));

        Assert.Equal(defined.Select(line => (line.EventId.ToString(System.Globalization.CultureInfo.InvariantCulture), line.Level.ToString())), documented);
        Assert.Equal(defined.Count, defined.Select(line => line.EventId).Distinct().Count());
    }

    private Listening Listen(LogLevel level = LogLevel.Trace)
    {
        var heard = new Listening("log") { Level = level };
        _all.Add(heard);
        return heard;
    }

    private Sora2Client Client(Listening heard, Func<int, string> answer, Action<Sora2ClientOptions>? configure = null, HttpStatusCode status = HttpStatusCode.OK) => TestClients.Create(
        Sora2Platform.Juxin,
        new StubHandler((n, _) => StubHandler.Json(answer(n), status)),
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

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => throw new IOException("the disk is full");

        public void Dispose()
        {
        }
    }

    private sealed class ReadOnlyCharacters : ICharacterStore
    {
        public Task<IReadOnlyList<LibraryCharacter>> LoadAsync(CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<LibraryCharacter>>([new LibraryCharacter { Username = "ab.cat", Alias = "cat" }]);

        public Task<IReadOnlyList<LibraryCharacter>> UpdateAsync(Func<IReadOnlyList<LibraryCharacter>, IReadOnlyList<LibraryCharacter>> change, CancellationToken cancellationToken = default) =>
            throw new IOException("the disk is full");
    }
}

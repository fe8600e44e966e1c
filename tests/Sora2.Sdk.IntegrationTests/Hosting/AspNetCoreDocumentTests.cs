using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Hosting;

/// <summary>The code of docs/aspnetcore.md in a web application, with the simulator as the platform.</summary>
public sealed partial class AspNetCoreDocumentTests : SimulatorTest
{
    [Fact]
    public void Every_example_is_in_a_file_that_compiles()
    {
        var compiled = new[] { "AspNetCoreExamples.cs", "Sora2ExceptionHandler.cs" }
            .Select(file => Lines(File.ReadAllText(Path.Combine(Repository.Project, "Hosting", file))))
            .ToList();
        var examples = Blocks().Matches(File.ReadAllText(Repository.PathOf("docs/aspnetcore.md")))
            .Select(block => Lines(block.Groups[1].Value))
            .ToList();

        Assert.Equal(5, examples.Count);
        Assert.All(examples, example => Assert.Contains(compiled, file => file.Contains(example, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Errors_are_problem_details_and_a_create_that_may_be_paid_for_is_not_repeated()
    {
        await using var app = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Simulator.Faults.On("juxin", SimulatorOperation.CreateVideo)
            .Then(SimulatorFault.QuotaExhausted())
            .Then(SimulatorFault.RateLimited(TimeSpan.FromSeconds(7)))
            .Then(SimulatorFault.DropAfterAccept());

        var invalid = await ProblemAsync(await PostAsync("""{"prompt":""}"""));
        var empty = await ProblemAsync(await PostAsync("""{"prompt":"a"}"""));
        using var limited = await PostAsync("""{"prompt":"a"}""");
        var unknown = await ProblemAsync(await PostAsync("""{"prompt":"a"}"""));
        var missing = await ProblemAsync(await http.GetAsync("/videos/no-such-task", Token));
        var watched = await ProblemAsync(await http.GetAsync("/videos/no-such-task/events", Token));

        Assert.Equal((HttpStatusCode.BadRequest, "InvalidRequest"), (invalid.Status, invalid.Title));
        Assert.Contains("The prompt is empty", invalid.Detail, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.PaymentRequired, "InsufficientQuota", (bool?)false), (empty.Status, empty.Title, empty.Charged));
        Assert.StartsWith("Top up the account", empty.Advice, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), limited.Headers.RetryAfter!.Delta);
        Assert.Equal((HttpStatusCode.Conflict, "SubmissionUnknown", (bool?)null), (unknown.Status, unknown.Title, unknown.Charged));
        Assert.Equal((HttpStatusCode.NotFound, "TaskNotFound"), (missing.Status, missing.Title));
        Assert.Equal((HttpStatusCode.NotFound, "TaskNotFound"), (watched.Status, watched.Title));
        Assert.Equal(1, Simulator.Ledger.BilledCreates);

        Task<HttpResponseMessage> PostAsync(string json) =>
            http.PostAsync("/videos", new StringContent(json, System.Text.Encoding.UTF8, "application/json"), Token);
    }

    [Fact]
    public async Task Task_is_streamed_until_it_is_complete()
    {
        await using var app = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        var task = await Client("juxin").Videos.CreateAsync(new VideoRequest("a"), Token);

        using var response = await http.GetAsync($"/videos/{task.Id}/events", Token);
        var events = (await response.Content.ReadAsStringAsync(Token)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.All(events, line => Assert.StartsWith("event: task\ndata: {", line, StringComparison.Ordinal));
        using var last = JsonDocument.Parse(events[^1].Split("data: ")[1]);
        Assert.Equal(
            (task.Id, "Succeeded", true),
            (
                last.RootElement.GetProperty("id").GetString(),
                last.RootElement.GetProperty("status").GetString(),
                last.RootElement.GetProperty("isCompleted").GetBoolean()));
    }

    private static async Task<(HttpStatusCode Status, string Title, string Detail, string Advice, bool? Charged)> ProblemAsync(
        HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
            var root = problem.RootElement;
            Assert.Equal((int)response.StatusCode, root.GetProperty("status").GetInt32());
            var charged = root.GetProperty("mayHaveBeenCharged");
            return (
                response.StatusCode,
                root.GetProperty("title").GetString()!,
                root.GetProperty("detail").GetString()!,
                root.GetProperty("advice").GetString()!,
                charged.ValueKind == JsonValueKind.Null ? null : charged.GetBoolean());
        }
    }

    private async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        foreach (var (key, value) in new[]
        {
            ("Platform", "juxin"),
            ("ApiKey", Simulator.ApiKey),
            ("BaseAddress", AddressOf("juxin").ToString()),
            ("CreateRetries", "0"),
            ("QueryRetries", "0"),
            ("PollInterval", TimeSpan.FromMilliseconds(10).ToString("c", CultureInfo.InvariantCulture)),
        })
        {
            builder.Configuration["Sora2:" + key] = value;
        }

        AspNetCoreExamples.Problems(builder);
        builder.Services.AddSora2(builder.Configuration.GetSection("Sora2"));
        var app = builder.Build();
        AspNetCoreExamples.Map(app);
        AspNetCoreExamples.MapEvents(app);
        await app.StartAsync(Token);
        return app;
    }

    private static string Lines(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}

using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sora2.Sdk.IntegrationTests.Hosting;

/// <summary>Endpoints that read requests and return results, with ASP.NET's own settings and with the SDK's in front.</summary>
public sealed class JsonEndpointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Endpoint_returns_a_task_and_reads_a_request(bool withReflection)
    {
        await using var app = App(withReflection);
        app.MapGet(
            "/task",
            () => new VideoTask
            {
                PlatformName = "juxin",
                Id = "video_1",
                Status = VideoTaskStatus.Succeeded,
                VideoUrl = new Uri("https://media.example.com/1.mp4?X-Sig=fake"),
            });
        app.MapGet(
            "/items",
            () => new List<BatchItem>
            {
                new()
                {
                    Index = 0,
                    Request = new VideoRequest("p"),
                    State = BatchItemState.Failed,
                    Error = new InvalidOperationException("no"),
                },
            });
        app.MapPost("/videos", (VideoRequest request) => $"{request.AspectRatio} {request.Images.Count}");
        await app.StartAsync(Token);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using var task = JsonDocument.Parse(await http.GetStringAsync("/task", Token));
        using var items = JsonDocument.Parse(await http.GetStringAsync("/items", Token));
        using var made = await PostAsync("""{"prompt":"a","aspectRatio":"Portrait9x16","images":["https://img.example.com/1.png"]}""");
        using var path = await PostAsync("""{"prompt":"a","images":["/etc/hostname"]}""");

        Assert.Equal(
            ("Succeeded", "video_1", false),
            (
                task.RootElement.GetProperty("status").GetString(),
                task.RootElement.GetProperty("id").GetString(),
                task.RootElement.TryGetProperty("videoUrl", out _)));
        Assert.Equal("no", items.RootElement[0].GetProperty("error").GetProperty("message").GetString());
        Assert.Equal("9:16 1", await made.Content.ReadAsStringAsync(Token));
        Assert.Equal(HttpStatusCode.BadRequest, path.StatusCode);

        Task<HttpResponseMessage> PostAsync(string json) =>
            http.PostAsync("/videos", new StringContent(json, Encoding.UTF8, "application/json"), Token);
    }

    /// <summary>Reflection is off for the tests; a web application has it on.</summary>
    private static WebApplication App(bool withReflection)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.ConfigureHttpJsonOptions(
            options => options.SerializerOptions.TypeInfoResolverChain.Insert(
                0, withReflection ? new DefaultJsonTypeInfoResolver() : Sora2Json.TypeInfoResolver));
        return builder.Build();
    }
}

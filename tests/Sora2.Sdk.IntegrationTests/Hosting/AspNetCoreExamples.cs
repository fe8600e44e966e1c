using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sora2.Sdk.IntegrationTests.Hosting;

/// <summary>The examples of docs/aspnetcore.md, so that they compile and run.</summary>
internal static class AspNetCoreExamples
{
    public static void Register(WebApplicationBuilder builder)
    {
        builder.Services.AddSora2(builder.Configuration.GetSection("Sora2")).AddTaskStore("tasks");
        Problems(builder);
    }

    public static void Problems(WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, Sora2Json.TypeInfoResolver));
        builder.Services.AddExceptionHandler<Sora2ExceptionHandler>();
        builder.Services.AddProblemDetails();
    }

    public static void Map(WebApplication app)
    {
        app.UseExceptionHandler();
        app.MapPost("/videos", (VideoRequest request, ISora2Client sora2) => sora2.Videos.CreateAsync(request));
        app.MapGet("/videos/{id}", (string id, ISora2Client sora2) => sora2.Videos.GetAsync(id));
    }

    public static void MapEvents(WebApplication app)
    {
        var json = Sora2Json.CreateOptions();
        app.MapGet("/videos/{id}/events", async (string id, ISora2Client sora2, HttpContext context) =>
        {
            try
            {
                await foreach (var task in sora2.Videos.WatchAsync(id, cancellationToken: context.RequestAborted))
                {
                    await SendAsync("task", JsonSerializer.Serialize(task, json));
                }
            }
            catch (Sora2Exception e) when (context.Response.HasStarted)
            {
                await SendAsync("problem", JsonSerializer.Serialize(e, json));
            }

            async Task SendAsync(string name, string data)
            {
                context.Response.ContentType ??= "text/event-stream";
                await context.Response.WriteAsync($"event: {name}\ndata: {data}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });
    }
}

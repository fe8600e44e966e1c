#!/bin/sh
# Renders the simulator's embedded videos and picture, a sunset over the sea, with ffmpeg.
# The files are committed; run this only to change how they look.
set -eu
cd "$(dirname "$0")/../src/Sora2.Sdk.Simulator/Media"

scene() { # width, height, seconds
  sky="gradients=s=${1}x${2}:r=10:d=$3:n=3:c0=0x22223b:c1=0xb5536b:c2=0xf4a261:x0=0:y0=0:x1=0:y1=$(($2 - 1)):speed=0.00001"
  sun="color=c=0xffe8a3:s=96x96:r=10:d=$3,format=yuva420p,geq=lum='p(X,Y)':cb='p(X,Y)':cr='p(X,Y)':a='255*clip(46-hypot(X-48,Y-48),0,1)'"
  far="color=c=0x3d3a5c:s=${1}x${2}:r=10:d=$3,format=yuva420p,geq=lum='p(X,Y)':cb='p(X,Y)':cr='p(X,Y)':a='255*clip(Y-H*0.66-7*sin(X/70+T/3),0,1)'"
  near="color=c=0x22223b:s=${1}x${2}:r=10:d=$3,format=yuva420p,geq=lum='p(X,Y)':cb='p(X,Y)':cr='p(X,Y)':a='255*clip(Y-H*0.80-9*sin(X/95-T/2),0,1)'"
  echo "$sky[sky];$sun[sun];$far[far];$near[near];[sky][sun]overlay=x=W*0.62:y=H*(0.18+0.45*t/$3):eof_action=repeat[a];[a][far]overlay[b];[b][near]overlay,format=yuv420p"
}

video() { # name, width, height, seconds
  ffmpeg -v error -y -filter_complex "$(scene "$2" "$3" "$4")" \
    -c:v libx264 -preset veryslow -crf 36 -g 250 -bf 8 -bitexact -movflags +faststart "$1-$4s.mp4"
}

for seconds in 10 15 25; do
  video landscape 640 360 "$seconds"
  video portrait 360 640 "$seconds"
done

ffmpeg -v error -y -filter_complex "$(scene 320 320 1)" -frames:v 1 -q:v 8 -bitexact picture.jpg

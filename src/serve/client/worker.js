/* One connection for all tabs of a browser: it allows six to a host, and there may be more tabs. */
'use strict';
var ports=[],last=null,source=new EventSource('/__journeybook/events');
source.onmessage=function(e){last=e.data;ports.forEach(function(p){p.postMessage(e.data)})};
onconnect=function(e){
  var port=e.ports[0];
  ports.push(port);
  port.onmessage=function(){ports=ports.filter(function(p){return p!==port})};
  if(last!==null)port.postMessage(last);
};

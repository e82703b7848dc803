/* Keeps a page of the preview as it would be built now. Only `journeybook serve` sends this. */
(function(){
'use strict';
var own='/__journeybook/',me=document.currentScript,version='"'+me.dataset.version+'"';
var busy=false,again=false,due=false,files=[],told='';

/* ---- news ---- */
function hear(data){
  var news=JSON.parse(data);
  files=files.concat(news.files);
  due=news;
  if(!document.hidden)catchUp();
}
function catchUp(){
  if(!due)return;
  if(busy){again=true;return}
  busy=true;again=false;
  var news=due;
  if(told!==news.version){told=news.version;showProblems(news.errors)}
  refreshFiles();
  fetch(location.pathname+location.search,{headers:{'If-None-Match':version},cache:'no-store'}).then(function(r){
    /* Read to its end, empty as it is: else the browser takes it for broken off. */
    if(r.status===304)return r.text();
    if(r.redirected){location.replace(r.url);return}
    var next=r.headers.get('ETag')||version;
    return r.text().then(function(text){version=next;exchange(new DOMParser().parseFromString(text,'text/html'))});
  }).catch(function(){}).then(function(){busy=false;if(again)catchUp()});
}
function listen(){
  if(window.SharedWorker){
    var worker=new SharedWorker(own+'worker.js',{name:'journeybook'});
    worker.port.onmessage=function(e){hear(e.data)};
    worker.port.start();
    addEventListener('pagehide',function(){worker.port.postMessage('bye')});
    return;
  }
  /* Without a worker to share, a tab listens only while it can be seen. */
  var source=null;
  function attend(){
    if(document.hidden){if(source)source.close();source=null}
    else if(!source){source=new EventSource(own+'events');source.onmessage=function(e){hear(e.data)}}
  }
  document.addEventListener('visibilitychange',attend);
  addEventListener('pagehide',function(){if(source)source.close();source=null});
  attend();
}
document.addEventListener('visibilitychange',function(){if(!document.hidden)catchUp()});
addEventListener('pageshow',function(e){if(e.persisted)listen()});

/* ---- exchanging the page ---- */
function exchange(next){
  var here=document.querySelector('main'),there=next.querySelector('main');
  if(!here||!there||scripts(document)!==scripts(next)){location.reload();return}
  styles(next);
  document.title=next.title;
  document.documentElement.lang=next.documentElement.lang;
  document.body.className=next.body.className;
  frame(next);
  var sent=there.outerHTML;
  if(original!==sent){
    var kept=keep(here);
    renew(there);
    here.replaceWith(document.adoptNode(there));
    restore(kept,there);
    document.dispatchEvent(new CustomEvent('journeybook:swap',{detail:{main:there}}));
    resort(kept,there);
    scroll(kept);
  }
  original=sent;
}
/* The main part as it was sent: other scripts, which come after this one, change it as they like. */
var original=(document.querySelector('main')||{}).outerHTML;
function scripts(d){return Array.from(d.querySelectorAll('script[src]')).map(function(s){return s.getAttribute('src')}).join(' ')}
function styles(next){
  var old=Array.from(document.querySelectorAll('head link[rel=stylesheet]')),fresh=Array.from(next.querySelectorAll('head link[rel=stylesheet]'));
  var has=function(list,l){return list.some(function(o){return o.getAttribute('href')===l.getAttribute('href')})};
  var gone=old.filter(function(l){return!has(fresh,l)}),left=0,last=old[old.length-1];
  var drop=function(){if(--left<=0)gone.forEach(function(l){l.remove()})};
  fresh.forEach(function(l,i){
    if(has(old,l))return;
    var link=document.createElement('link');
    link.rel='stylesheet';link.href=l.getAttribute('href');
    left++;
    /* The old style stays until the new one is there, so that nothing is seen undressed. */
    link.onload=link.onerror=drop;
    var place=old[i]||last;
    if(place)place.after(link);else document.head.append(link);
  });
  if(!left)gone.forEach(function(l){l.remove()});
}
/* Header, footer and what else stands around the main part, where it differs. Buttons that scripts have set up stay. */
function frame(next){
  ['header .nav','header .brand','footer','svg.sprite'].forEach(function(s){
    var a=document.querySelector('body > '+s),b=next.querySelector('body > '+s);
    if(a&&b&&a.innerHTML!==b.innerHTML)a.innerHTML=b.innerHTML;
  });
  var a=document.querySelector('body > .notice'),b=next.querySelector('body > .notice');
  if(a&&b)a.textContent=b.textContent;
  else if(a)a.remove();
  else if(b)document.querySelector('main').before(document.adoptNode(b));
}

/* ---- what the reader did with the page ---- */
/* Elements by what they are: by their id, or else by their name or title, and their number among those of the same. */
function keyed(root,selector){
  var map=new Map(),seen={};
  root.querySelectorAll(selector).forEach(function(el){
    var key='#'+el.id;
    if(!el.id){
      var title=el.tagName==='DETAILS'?el.querySelector('summary'):el.matches(FIELDS)?null:el;
      key=el.tagName+' '+(el.name||(title?title.textContent.trim().slice(0,80):''));
      seen[key]=(seen[key]||0)+1;
      key+=' '+seen[key];
    }
    map.set(key,el);
  });
  return map;
}
/* The way from the nearest element with an id down to one. */
function way(el,main){
  var steps=[];
  while(el!==main&&!el.id){steps.unshift(Array.prototype.indexOf.call(el.parentNode.children,el));el=el.parentNode}
  return{id:el===main?null:el.id,steps:steps};
}
function follow(way,main){
  return way.steps.reduce(function(el,at){return el&&el.children[at]},way.id?document.getElementById(way.id):main);
}
var FIELDS='input,select,textarea',ANY='a,button,input,select,textarea,summary,[tabindex]';
function keep(main){
  var kept={details:new Map(),fields:new Map(),scrolled:[],sorted:[],focus:null,x:scrollX,y:scrollY,anchor:null};
  keyed(main,'details').forEach(function(el,k){kept.details.set(k,el.open)});
  keyed(main,FIELDS).forEach(function(el,k){
    if(el.type!=='file')kept.fields.set(k,{value:el.value,checked:el.checked,was:el.defaultValue,box:el.defaultChecked});
  });
  main.querySelectorAll('*').forEach(function(el){if(el.scrollLeft||el.scrollTop)kept.scrolled.push([way(el,main),el.scrollLeft,el.scrollTop])});
  main.querySelectorAll('th[aria-sort]').forEach(function(th){
    kept.sorted.push([Array.from(main.querySelectorAll('table')).indexOf(th.closest('table')),th.cellIndex,th.getAttribute('aria-sort')]);
  });
  var active=document.activeElement;
  if(active&&main.contains(active)){
    kept.focus={};
    keyed(main,ANY).forEach(function(el,k){if(el===active)kept.focus.key=k});
    try{kept.focus.from=active.selectionStart;kept.focus.to=active.selectionEnd}catch(e){}
  }
  /* What stood at the top of the window stays there, whatever grew above it. */
  var top=Array.from(main.querySelectorAll('[id]')).find(function(el){var r=el.getBoundingClientRect();return r.height&&r.bottom>0});
  if(top&&scrollY>0)kept.anchor={id:top.id,top:top.getBoundingClientRect().top};
  return kept;
}
function restore(kept,main){
  keyed(main,'details').forEach(function(el,k){if(kept.details.has(k))el.open=kept.details.get(k)});
  keyed(main,FIELDS).forEach(function(el,k){
    var f=kept.fields.get(k);
    if(!f)return;
    if(el.type==='checkbox'||el.type==='radio'){if(f.checked!==f.box)el.checked=f.checked}
    else if(f.value!==f.was){
      var fresh=el.value;
      el.value=f.value;
      /* What was chosen may be gone. */
      if(el.tagName==='SELECT'&&el.selectedIndex<0)el.value=fresh;
    }
  });
}
function resort(kept,main){
  var tables=main.querySelectorAll('table');
  kept.sorted.forEach(function(s){
    var table=tables[s[0]],head=table&&table.rows[0]&&table.rows[0].cells[s[1]],button=head&&head.querySelector('button');
    if(!button)return;
    for(var i=0;i<2&&head.getAttribute('aria-sort')!==s[2];i++)button.click();
  });
  if(kept.focus){
    var target=keyed(main,ANY).get(kept.focus.key);
    if(target){
      target.focus({preventScroll:true});
      try{if(kept.focus.from!=null)target.setSelectionRange(kept.focus.from,kept.focus.to)}catch(e){}
    }
  }
  kept.scrolled.forEach(function(s){var el=follow(s[0],main);if(el){el.scrollLeft=s[1];el.scrollTop=s[2]}});
}
function scroll(kept){
  var el=kept.anchor&&document.getElementById(kept.anchor.id);
  var y=el?scrollY+el.getBoundingClientRect().top-kept.anchor.top:kept.y;
  scrollTo({left:kept.x,top:y,behavior:'instant'});
}

/* ---- files that pages show, such as pictures ---- */
/* When each changed: a page that is exchanged must not show what the browser remembers of it. */
var stamps={};
function refreshFiles(){
  var changed=files,now=Date.now();files=[];
  if(!changed.length)return;
  changed.forEach(function(path){stamps[path]=now});
  renew(document);
}
function renew(root){
  root.querySelectorAll('img[src],source[src],video[src],audio[src],embed[src]').forEach(function(el){
    var url=new URL(el.getAttribute('src'),location.href),stamp=stamps[url.pathname];
    if(stamp&&url.origin===location.origin&&url.search!=='?'+stamp){url.search='?'+stamp;el.src=url.href}
  });
}

/* ---- errors ---- */
function make(name,text,kind){
  var el=document.createElement(name);
  if(text)el.textContent=text;
  if(kind)el.className=kind;
  return el;
}
/* Answers may overtake one another: only the one that was asked for last counts. */
var asked=0;
function showProblems(count){
  var bar=document.getElementById('_jb-bar'),mine=++asked;
  if(!count){if(bar)bar.remove();return}
  fetch(own+'problems.json',{cache:'no-store'}).then(function(r){return r.json()}).then(function(all){
    if(mine!==asked)return;
    var old=document.getElementById('_jb-bar'),open=old&&old.querySelector('details').open;
    if(!all.problems.length){if(old)old.remove();return}
    var bar=problems(all);
    bar.querySelector('details').open=!!open;
    if(old)old.replaceWith(bar);else document.body.append(bar);
  }).catch(function(){});
}
function problems(all){
  var bar=make('aside'),details=make('details'),list=make('ol');
  bar.id='_jb-bar';bar.lang=all.lang;
  bar.setAttribute('role','status');
  details.append(make('summary',all.title));
  all.problems.forEach(function(p){list.append(problem(p))});
  details.append(list);
  if(all.more)details.append(make('p',all.more,'_jb-more'));
  bar.append(details);
  return bar;
}
function problem(p){
  var item=make('li'),where=make('p',p.place,'_jb-place'),code=make('pre');
  item.append(make('p',p.message,'_jb-what'),where);
  where.append(' ',make('span',p.rule));
  if(p.excerpt.line){
    code.append(make('span',p.excerpt.line+' │ ','_jb-line'),p.excerpt.before,make('mark',p.excerpt.marked),p.excerpt.after);
    code.tabIndex=0;
    item.append(code);
  }
  p.help.forEach(function(h){item.append(make('p',h,'_jb-help'))});
  if(p.links.length){
    var links=make('p',null,'_jb-links');
    p.links.forEach(function(l){var a=make('a',l.title);a.href=l.url;links.append(a,' ')});
    item.append(links);
  }
  return item;
}
listen();
})();

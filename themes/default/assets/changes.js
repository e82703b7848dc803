/* The page of what changed: narrowing down, ticks and notes that this browser keeps. Everything can be read without it. */
(function(){
'use strict';
var box,all=[],form,mine,progress,status,out,path=location.pathname;
function get(k){try{return localStorage.getItem(k)||''}catch(e){return''}}
function put(k,v){try{v?localStorage.setItem(k,v):localStorage.removeItem(k)}catch(e){}}
/* narrowing down by type and owner */
function run(){
  var want=Array.from(form.elements).filter(function(e){return e.name&&e.value}),n=0;
  all.forEach(function(a){var on=want.every(function(e){return a.getAttribute('data-'+e.name)===e.value});a.hidden=!on;n+=on});
  box.querySelectorAll('.entg').forEach(function(g){g.hidden=!g.querySelector('[data-seen]:not([hidden])')});
  form.querySelector('output').textContent=want.length?box.dataset.shown.replace('{n}',n).replace('{total}',all.length):'';
}
function narrow(){
  form.hidden=false;form.addEventListener('change',run);form.addEventListener('submit',function(e){e.preventDefault()});run();
}
/* a link to a change that is narrowed away shows it again */
addEventListener('hashchange',function(){
  var a=document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if(form&&a&&a.hidden&&all.indexOf(a)>=0){form.reset();run();a.scrollIntoView()}
});
/* ticks hold for one change, notes for what is changed */
var tickKey=function(a){return'jb-seen:'+path+a.dataset.seen},noteKey=function(a){return'jb-note:'+path+box.dataset.review+a.id};
var tick=function(a){return a.querySelector('[data-tick]')},note=function(a){return a.querySelector('[data-note]')};
function count(){
  var n=all.filter(function(a){return tick(a).checked}).length;
  progress.textContent=box.dataset.seenOf.replace('{n}',n).replace('{total}',all.length);
  all.forEach(function(a){a.classList.toggle('is-seen',tick(a).checked)});
}
function read(){
  all.forEach(function(a){tick(a).checked=get(tickKey(a))==='1';note(a).value=get(noteKey(a));grow(note(a))});
  count();
}
function grow(t){t.rows=Math.min(12,Math.max(1,t.value.split('\n').length))}
function comment(){
  var said=all.filter(function(a){return note(a).value.trim()});
  var lines=['### '+box.dataset.heading,'',progress.textContent,''];
  said.forEach(function(a){lines.push('- **'+a.dataset.title+'**: '+note(a).value.trim().replace(/\n/g,'\n  '))});
  return lines.join('\n').trim()+'\n';
}
function done(){status.textContent=box.dataset.copied}
function byHand(t){t.focus();t.select();try{if(document.execCommand('copy'))done()}catch(e){}}
function keep(){
  mine.hidden=false;
  all.forEach(function(a){
    a.querySelector('.ent__s').hidden=false;
    tick(a).addEventListener('change',function(){put(tickKey(a),tick(a).checked?'1':'');count()});
    note(a).addEventListener('input',function(){put(noteKey(a),note(a).value);grow(note(a))});
  });
  box.querySelector('[data-copy]').addEventListener('click',function(){
    var t=out.querySelector('textarea');out.hidden=false;t.value=comment();
    if(navigator.clipboard&&navigator.clipboard.writeText)navigator.clipboard.writeText(t.value).then(done,function(){byHand(t)});else byHand(t);
  });
  box.querySelector('[data-clear]').addEventListener('click',function(){
    all.forEach(function(a){put(tickKey(a),'');put(noteKey(a),'')});out.hidden=true;status.textContent='';read();
  });
  read();
}
addEventListener('storage',function(){if(mine)read()});
function setup(){
  var find=function(s){return box&&box.querySelector(s)};
  box=document.querySelector('[data-review]');
  all=box?Array.from(box.querySelectorAll('[data-seen]')):[];
  form=find('[data-narrow]');
  mine=all.length?find('[data-mine]'):null;
  progress=find('[data-progress]');status=find('[data-status]');out=find('[data-out]');
  if(form)narrow();
  if(mine)keep();
}
setup();
/* the preview exchanges the page when a file was saved */
document.addEventListener('journeybook:swap',setup);
})();
